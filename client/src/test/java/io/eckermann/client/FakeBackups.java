package io.eckermann.client;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Copies of the fake: files that a test lays down; those whose names end with digits and a dot and a word are marked. */
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
                        request.getWanted().getFilesList().forEach(this::send);
                        if (cluster.copiesToBreak > 0) {
                            cluster.copiesToBreak--;
                            answer.onError(Status.UNAVAILABLE.asRuntimeException());
                        } else {
                            answer.onCompleted();
                        }
                    }
                }
            }

            private void send(String name) {
                byte[] bytes = Objects.requireNonNull(cluster.files.get(name));
                cluster.filesSent.add(name);
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                int half = bytes.length / 2;
                answer.onNext(data(CopyData.newBuilder().setFile(name).setData(ByteString.copyFrom(bytes, 0, half))));
                answer.onNext(data(CopyData.newBuilder()
                        .setFile(name)
                        .setOffset(half)
                        .setData(ByteString.copyFrom(bytes, half, bytes.length - half))));
                answer.onNext(data(CopyData.newBuilder()
                        .setFile(name)
                        .setOffset(bytes.length)
                        .setFileCrc32C((int) crc.getValue())));
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }

    private static CopyPart data(CopyData.Builder data) {
        return CopyPart.newBuilder().setData(data).build();
    }

    private CopyList list() {
        CopyList.Builder list = CopyList.newBuilder()
                .setClusterId("fake")
                .setNodeId("n2")
                .setVersion("1")
                .setTerm(3)
                .setRaftIndex(cluster.copyIndex)
                .setTimeNs(cluster.copyIndex * 1_000_000_000L);
        for (Map.Entry<String, byte[]> file : cluster.files.entrySet()) {
            list.addFiles(CopyFile.newBuilder()
                    .setName(file.getKey())
                    .setBytes(file.getValue().length)
                    .setMark(file.getKey().matches("\\d+-\\d+\\..*") ? "m" + file.getValue().length : ""));
        }
        return list.build();
    }
}
