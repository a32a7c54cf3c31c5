package io.eckermann.gateway.http;

import io.eckermann.gateway.metrics.NodeMetrics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code /metrics}, for Prometheus. */
final class MetricsRoute {
    private final NodeMetrics metrics;
    private final Executor reads;

    /** @param reads where the store is asked; may refuse */
    MetricsRoute(NodeMetrics metrics, Executor reads) {
        this.metrics = metrics;
        this.reads = reads;
    }

    void register(Router router) {
        router.on("GET", "/metrics", this::scrape);
    }

    private CompletableFuture<Answer> scrape(Request http) {
        http.query().only(List.of());
        String accept = String.join(",", http.headers().getAll("Accept"));
        return CompletableFuture.supplyAsync(() -> metrics.page(accept), reads)
                .thenApply(
                        page -> Answer.of(200, page.contentType(), page.text().getBytes(StandardCharsets.UTF_8)));
    }
}
