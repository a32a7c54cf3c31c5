package io.eckermann.gateway.cluster;

import io.eckermann.gateway.Failures;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@link Scavenges}, this node's and others'. */
public final class ScavengeHandler implements Scavenges {
    private final String self;
    private final Supplier<List<String>> nodes;
    private final List<Scavenger> own;
    private final Others others;

    /** The way to other nodes. */
    @FunctionalInterface
    public interface Others {
        CompletableFuture<ScavengeResponse> scavenge(String nodeId, ScavengeRequest request, Duration timeout);
    }

    /**
     * @param nodes all of them, this one too, as of now
     * @param own of each shard
     */
    public ScavengeHandler(String self, Supplier<List<String>> nodes, List<Scavenger> own, Others others) {
        this.self = self;
        this.nodes = nodes;
        this.own = own;
        this.others = others;
    }

    @Override
    public CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String node = request.getNode();
            List<String> all = nodes.get();
            if (!node.isEmpty() && !all.contains(node)) {
                throw new StoreException(ErrorCode.BAD_REQUEST, "There is no such node in this cluster.")
                        .with("field", "node")
                        .with("node", node);
            }
            List<CompletableFuture<ScavengeResponse>> answers = new ArrayList<>();
            for (String each : node.isEmpty() ? all : List.of(node)) {
                answers.add(
                        each.equals(self)
                                ? CompletableFuture.completedFuture(here(request))
                                : others.scavenge(each, request, timeout));
            }
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(answered -> {
                        ScavengeResponse.Builder response = ScavengeResponse.newBuilder();
                        answers.forEach(
                                answer -> response.addAllNodes(answer.join().getNodesList()));
                        return response.build();
                    });
        });
    }

    /** Does it on this node. */
    public ScavengeResponse here(ScavengeRequest request) {
        switch (request.getAction()) {
            case START -> own.forEach(Scavenger::start);
            case STOP -> own.forEach(Scavenger::stop);
            case UNRECOGNIZED ->
                throw new StoreException(ErrorCode.BAD_REQUEST, "Scavenging is started or stopped.")
                        .with("field", "action");
        }
        return ScavengeResponse.newBuilder().addNodes(self).build();
    }
}
