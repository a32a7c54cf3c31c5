package io.eckermann.client.transport;

import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a node that says nothing is still there. A machine that is cut off ends no connection, and TCP goes on
 * sending to it for a quarter of an hour; gRPC's own pings come every ten seconds at most. So it is asked on a connection of
 * its own, which nothing else is queued before. Safe from any thread.
 */
final class Doubts {
    private static final long PATIENCE_MS = 2_000;
    /** A connection that is only slow must not be given up again and again: the longer, the more often it was. */
    private static final int DOUBLED_MAX = 3;

    private static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(20);

    private final Function<String, ManagedChannel> connect;
    private final Map<String, CompletableFuture<Boolean>> asked = new ConcurrentHashMap<>();
    private final Map<String, Lost> lost = new ConcurrentHashMap<>();

    /** How often in a row, and when last. */
    private record Lost(int times, long atNs) {}

    /** @param connect makes a channel to an address, which is shut down here */
    Doubts(Function<String, ManagedChannel> connect) {
        this.connect = connect;
    }

    /** Whether the node answers, even if only to refuse; those who ask at the same time hear the same. Never fails. */
    CompletableFuture<Boolean> isThere(String address) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> others = asked.putIfAbsent(address, mine);
        if (others != null) {
            return others;
        }
        CompletableFuture<Boolean> unused = ask(address).whenComplete((there, error) -> {
            if (!there) {
                lost.compute(address, (key, before) -> new Lost(lately(before) + 1, System.nanoTime()));
            }
            asked.remove(address, mine);
            mine.complete(there);
        });
        return mine;
    }

    private CompletableFuture<Boolean> ask(String address) {
        long patienceMs = PATIENCE_MS << Math.min(DOUBLED_MAX, lately(lost.get(address)));
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(patienceMs, TimeUnit.MILLISECONDS);
        ManagedChannel own = connect.apply(address);
        return Calls.single(own, ClusterGrpc.getGetClusterMethod(), GetClusterRequest.getDefaultInstance(), options)
                .handle((view, error) -> {
                    own.shutdownNow();
                    return error == null || !Failure.of(Network.unwrap(error)).unreached();
                });
    }

    private static int lately(@Nullable Lost before) {
        return before == null || System.nanoTime() - before.atNs() > REMEMBERED_NS ? 0 : before.times();
    }
}
