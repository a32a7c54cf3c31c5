package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@link Scrubs}, this node's and others'. */
public final class ScrubHandler implements Scrubs {
    private final String self;
    private final Supplier<List<String>> nodes;
    private final List<Scrubber> own;
    private final Others others;

    /** The way to other nodes. */
    @FunctionalInterface
    public interface Others {
        CompletableFuture<ScrubResponse> scrub(String nodeId, ScrubRequest request, Duration timeout);
    }

    /**
     * @param nodes all of them, this one too, as of now
     * @param own of each shard
     */
    public ScrubHandler(String self, Supplier<List<String>> nodes, List<Scrubber> own, Others others) {
        this.self = self;
        this.nodes = nodes;
        this.own = own;
        this.others = others;
    }

    @Override
    public CompletableFuture<ScrubResponse> scrub(ScrubRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String node = request.getNode();
            List<String> all = nodes.get();
            if (!node.isEmpty() && !all.contains(node)) {
                throw new StoreException(ErrorCode.NODE_NOT_FOUND, "There is no such node in this cluster.")
                        .with("node", node);
            }
            List<CompletableFuture<ScrubResponse>> answers = new ArrayList<>();
            for (String each : node.isEmpty() ? all : List.of(node)) {
                answers.add(
                        each.equals(self)
                                ? CompletableFuture.completedFuture(here(request))
                                : others.scrub(each, request, timeout));
            }
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(answered -> {
                        ScrubResponse.Builder response = ScrubResponse.newBuilder();
                        answers.forEach(
                                answer -> response.addAllNodes(answer.join().getNodesList()));
                        return response.build();
                    });
        });
    }

    /** Does it on this node. */
    public ScrubResponse here(ScrubRequest request) {
        if (request.getStop()) {
            own.forEach(Scrubber::stop);
        } else {
            own.forEach(Scrubber::start);
        }
        return ScrubResponse.newBuilder().addNodes(self).build();
    }
}
