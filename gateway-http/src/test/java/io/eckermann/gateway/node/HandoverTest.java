package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.NodeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HandoverTest {
    private static final CompletableFuture<GetStatusResponse> DOWN =
            CompletableFuture.failedFuture(new IOException("connection refused"));

    private final List<String> chosen = new ArrayList<>();

    @Test
    void readyNodeThatIsFurthestBecomesTheLeader() throws Exception {
        handOn(true, Map.of("n2", answer("n2", 7, true), "n3", answer("n3", 9, true), "n4", answer("n4", 11, false)));

        assertThat(chosen).containsExactly("n3");
    }

    @Test
    void oneWhoseDiskIsFullLeadsOnlyWhenAllAreFull() throws Exception {
        handOn(true, Map.of("n2", answer("n2", 7, true), "n3", full("n3", 9)));
        handOn(true, Map.of("n2", full("n2", 7), "n3", full("n3", 9)));

        assertThat(chosen).containsExactly("n2", "n3");
    }

    @Test
    void nobodyIsWaitedForWhenAllOthersAreDownOrStopping() throws Exception {
        handOn(true, Map.of("n2", DOWN, "n3", new CompletableFuture<>(), "n4", answer("n4", 11, false)));

        assertThat(chosen).isEmpty();
    }

    @Test
    void nodeThatDoesNotLeadAsksNobody() throws Exception {
        handOn(false, Map.of("n2", answer("n2", 7, true)));

        assertThat(chosen).isEmpty();
    }

    private void handOn(boolean leads, Map<String, CompletableFuture<GetStatusResponse>> answers) throws Exception {
        new Handover(
                        () -> List.copyOf(answers.keySet()),
                        () -> leads,
                        id -> Objects.requireNonNull(answers.get(id)),
                        id -> {
                            chosen.add(id);
                            return CompletableFuture.completedFuture(null);
                        },
                        NodeView::getCommitted)
                .handOn()
                .get(30, TimeUnit.SECONDS);
    }

    private static CompletableFuture<GetStatusResponse> answer(String id, long committed, boolean ready) {
        return answer(NodeView.newBuilder().setId(id).setCommitted(committed).setReady(ready));
    }

    private static CompletableFuture<GetStatusResponse> full(String id, long committed) {
        return answer(NodeView.newBuilder()
                .setId(id)
                .setCommitted(committed)
                .setReady(true)
                .setDiskLow(true));
    }

    private static CompletableFuture<GetStatusResponse> answer(NodeView.Builder node) {
        return CompletableFuture.completedFuture(
                GetStatusResponse.newBuilder().setNode(node).build());
    }
}
