package io.eckermann.gateway.node;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.NodeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a shard's leadership on to the node that is ready, has room on its disk, and has got furthest. Who is ready is asked first: a node that is down,
 * or stopping too, would only be waited for. Safe from any thread, never blocks.
 */
final class Handover {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final long ANSWER_WITHIN_MS = 500;

    private final Supplier<List<String>> others;
    private final BooleanSupplier leads;
    private final Function<String, CompletableFuture<GetStatusResponse>> ask;
    private final Function<String, CompletableFuture<Void>> transfer;
    private final ToLongFunction<NodeView> committed;

    /**
     * @param others all members but this node, as of now
     * @param ask asks a node how it is
     * @param transfer makes a node the leader; fails when it did not become it in time
     * @param committed how far a node has got
     */
    Handover(
            Supplier<List<String>> others,
            BooleanSupplier leads,
            Function<String, CompletableFuture<GetStatusResponse>> ask,
            Function<String, CompletableFuture<Void>> transfer,
            ToLongFunction<NodeView> committed) {
        this.committed = committed;
        this.others = others;
        this.leads = leads;
        this.ask = ask;
        this.transfer = transfer;
    }

    /** Makes this node the leader, if it is ready; an empty id stands for the best one, as {@link #handOn()}. */
    CompletableFuture<Void> handOn(String to) {
        if (to.isEmpty()) {
            return handOn();
        }
        return answer(to).thenCompose(answer -> {
            if (!answer.getNode().getReady()) {
                throw new StoreException(ErrorCode.NOT_READY, "The node is not ready to lead.").with("node", to);
            }
            return transfer.apply(to);
        });
    }

    private CompletableFuture<GetStatusResponse> answer(String node) {
        return ask.apply(node)
                .completeOnTimeout(GetStatusResponse.getDefaultInstance(), ANSWER_WITHIN_MS, TimeUnit.MILLISECONDS)
                .exceptionally(down -> GetStatusResponse.getDefaultInstance());
    }

    /** Completes when another node leads, or when there is nothing to hand on or nobody to take it; else fails. */
    CompletableFuture<Void> handOn() {
        List<String> candidates = others.get();
        if (candidates.isEmpty() || !leads.getAsBoolean()) {
            return CompletableFuture.completedFuture(null);
        }
        List<CompletableFuture<GetStatusResponse>> asked = new ArrayList<>();
        for (String candidate : candidates) {
            asked.add(answer(candidate));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenCompose(all -> asked.stream()
                        .map(CompletableFuture::join)
                        .filter(answer -> answer.getNode().getReady())
                        .map(GetStatusResponse::getNode)
                        // One whose disk is full would refuse what another takes.
                        .max(Comparator.comparing((NodeView node) -> !node.getDiskLow())
                                .thenComparingLong(committed))
                        .map(best -> transfer.apply(best.getId()))
                        .orElseGet(() -> {
                            LOG.info("No other node is ready to lead");
                            return CompletableFuture.completedFuture(null);
                        }));
    }
}
