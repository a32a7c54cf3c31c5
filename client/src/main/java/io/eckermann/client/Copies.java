package io.eckermann.client;

import io.eckermann.client.transport.Calls;
import io.eckermann.client.transport.CopyStream;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Network;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyWanted;
import io.eckermann.protocol.v1.NodeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Copies of what nodes hold. Any thread may call. */
final class Copies {
    private final Calls calls;
    private final Network network;

    Copies(Calls calls, Network network) {
        this.calls = calls;
        this.network = network;
    }

    /** See {@link EventStore#copy}. */
    CompletableFuture<Void> copy(String node, int shard, CopyReceiver receiver) {
        CompletableFuture<Void> done =
                calls.cluster().thenCompose(view -> network.openCopy(address(view, node), shard, parts(receiver)));
        CompletableFuture<Void> answer = new CompletableFuture<>();
        CompletableFuture<Void> unused = done.whenComplete((nothing, failure) -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                Throwable cause = Network.unwrap(failure);
                answer.completeExceptionally(cause instanceof FailedException ? Failures.exception(cause) : cause);
            }
        });
        return answer;
    }

    /** Rather not of the one that leads, which has enough to do. */
    private static String address(ClusterView view, String wanted) {
        String found = "";
        for (NodeView node : view.getNodesList()) {
            if (node.getId().equals(wanted) && node.getReady()) {
                return node.getGrpcAddress();
            }
            boolean better = found.isEmpty() || !node.getId().equals(view.getLeader());
            if (node.getReady() && better) {
                found = node.getGrpcAddress();
            }
        }
        return found.isEmpty() ? view.getNodes(0).getGrpcAddress() : found;
    }

    private static CopyStream.Parts parts(CopyReceiver receiver) {
        return new CopyStream.Parts() {
            @Override
            public CopyWanted list(CopyList list) throws IOException {
                return CopyWanted.newBuilder()
                        .addAllFiles(receiver.choose(copy(list)))
                        .setBytesPerSecond(receiver.bytesPerSecond())
                        .build();
            }

            @Override
            public void data(CopyData data) throws IOException {
                for (ByteBuffer bytes : data.getData().asReadOnlyByteBufferList()) {
                    receiver.data(data.getFile(), data.getOffset(), bytes);
                }
                if (data.hasFileCrc32C()) {
                    receiver.end(data.getFile(), data.getOffset(), data.getFileCrc32C());
                }
            }
        };
    }

    private static StateCopy copy(CopyList list) {
        List<StateCopy.File> files = new ArrayList<>();
        for (CopyFile file : list.getFilesList()) {
            files.add(new StateCopy.File(file.getName(), file.getBytes(), file.getMark()));
        }
        return new StateCopy(
                list.getClusterId(),
                list.getNodeId(),
                list.getVersion(),
                list.getShard(),
                list.getTerm(),
                list.getRaftIndex(),
                Instant.ofEpochSecond(0, list.getTimeNs()),
                files);
    }
}
