package io.eckermann.client;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyShard;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Copies of the fake: files that a test lays down, of another shard than the first where a number and a slash are before
 * their names; those whose names end with digits and a dot and a word are marked.
 */
final class FakeBackups extends BackupsGrpc.BackupsImplBase {
    private final FakeCluster cluster;

    FakeBackups(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public StreamObserver<CopyRequest> copy(StreamObserver<CopyPart> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(CopyRequest request) {
                synchronized (cluster) {
                    if (request.hasStart()) {
                        answer.onNext(CopyPart.newBuilder().setList(list()).build());
                    } else {
                        request.getWanted().getFilesList().forEach(number -> send(number, names().get(number)));
                        if (cluster.copiesToBreak > 0) {
                            cluster.copiesToBreak--;
                            answer.onError(Status.UNAVAILABLE.asRuntimeException());
                        } else {
                            answer.onCompleted();
                        }
                    }
                }
            }

            private void send(int number, String name) {
                byte[] bytes = Objects.requireNonNull(cluster.files.get(name));
                cluster.filesSent.add(name);
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                int half = bytes.length / 2;
                send(CopyData.newBuilder().setFile(number).setData(ByteString.copyFrom(bytes, 0, half)));
                send(CopyData.newBuilder()
                        .setFile(number)
                        .setOffset(half)
                        .setData(ByteString.copyFrom(bytes, half, bytes.length - half)));
                send(CopyData.newBuilder()
                        .setFile(number)
                        .setOffset(bytes.length)
                        .setFileCrc32C((int) crc.getValue()));
            }

            private void send(CopyData.Builder data) {
                answer.onNext(CopyPart.newBuilder().setData(data).build());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }

    private List<String> names() {
        return List.copyOf(cluster.files.keySet());
    }

    private CopyList list() {
        CopyList.Builder list = CopyList.newBuilder()
                .setClusterId("fake")
                .setNodeId("n2")
                .setVersion("1")
                .setTimeNs(cluster.copyIndex * 1_000_000_000L);
        int last = 0;
        for (String each : names()) {
            int slash = each.indexOf('/');
            int shard = slash < 0 ? 0 : Integer.parseInt(each.substring(0, slash));
            String name = each.substring(slash + 1);
            int bytes = Objects.requireNonNull(cluster.files.get(each)).length;
            last = Math.max(last, shard);
            list.addFiles(CopyFile.newBuilder()
                    .setShard(shard)
                    .setName(name)
                    .setBytes(bytes)
                    .setMark(name.matches("\\d+-\\d+\\..*") ? "m" + bytes : ""));
        }
        for (int shard = 0; shard <= last; shard++) {
            list.addShards(CopyShard.newBuilder().setTerm(3).setRaftIndex(cluster.copyIndex + shard));
        }
        return list.build();
    }
}
