package io.eckermann.client;

import io.eckermann.client.transport.Calls;
import io.eckermann.client.transport.CopyStream;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Network;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyWanted;
import io.eckermann.protocol.v1.NodeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    CompletableFuture<Void> copy(String node, CopyReceiver receiver) {
        CompletableFuture<Void> done =
                calls.cluster().thenCompose(view -> network.openCopy(address(view, node), new Parts(receiver)));
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

    /** Of one copy, whose files the node counts. */
    private static final class Parts implements CopyStream.Parts {
        private final CopyReceiver receiver;
        private List<StateCopy.File> files = List.of();

        Parts(CopyReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CopyWanted list(CopyList list) throws IOException {
            StateCopy copy = copy(list);
            files = copy.files();
            Map<StateCopy.File, Integer> numbers = new HashMap<>();
            for (int i = 0; i < files.size(); i++) {
                numbers.put(files.get(i), i);
            }
            CopyWanted.Builder wanted = CopyWanted.newBuilder().setBytesPerSecond(receiver.bytesPerSecond());
            for (StateCopy.File file : receiver.choose(copy)) {
                wanted.addFiles(Objects.requireNonNull(numbers.get(file), "a file that was not offered is wanted"));
            }
            return wanted.build();
        }

        @Override
        public void data(CopyData data) throws IOException {
            if (data.getFile() < 0 || data.getFile() >= files.size()) {
                throw new IOException("The node sent a file that it had not listed.");
            }
            StateCopy.File file = files.get(data.getFile());
            for (ByteBuffer bytes : data.getData().asReadOnlyByteBufferList()) {
                receiver.data(file, data.getOffset(), bytes);
            }
            if (data.hasFileCrc32C()) {
                receiver.end(file, data.getOffset(), data.getFileCrc32C());
            }
        }
    }

    private static StateCopy copy(CopyList list) throws IOException {
        if (list.getShardsCount() == 0) {
            throw new IOException("The node is of another version, whose copies this one does not take.");
        }
        return new StateCopy(
                list.getClusterId(),
                list.getNodeId(),
                list.getVersion(),
                Instant.ofEpochSecond(0, list.getTimeNs()),
                list.getShardsList().stream()
                        .map(shard -> new StateCopy.End(shard.getTerm(), shard.getRaftIndex()))
                        .toList(),
                list.getFilesList().stream()
                        .map(file ->
                                new StateCopy.File(file.getShard(), file.getName(), file.getBytes(), file.getMark()))
                        .toList());
    }
}
