package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.CursorJson;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ResetCursorRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/cursors} and {@code /v1/cursors/{consumer}/{topic}}. */
final class CursorRoute {
    private static final String PATH = "/v1/cursors/{consumer}/{topic}";

    private final UseCases useCases;
    private final Duration timeout;

    CursorRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("PUT", PATH, this::commit);
        router.on("GET", PATH, this::show);
        router.on("DELETE", PATH, this::delete);
        router.on("POST", PATH + "/reset", this::reset);
        router.on("GET", "/v1/cursors", this::list);
    }

    private CompletableFuture<Answer> commit(Request http) {
        http.query().only(List.of());
        CommitCursorRequest request = CursorJson.commit(Bodies.json(http))
                .setConsumer(http.variables().get(0))
                .setTopic(http.variables().get(1))
                .build();
        return useCases.commitCursor(request, timeout).thenApply(cursor -> Answer.json(200, CursorJson.cursor(cursor)));
    }

    private CompletableFuture<Answer> reset(Request http) {
        http.query().only(List.of());
        ResetCursorRequest request = CursorJson.reset(Bodies.json(http))
                .setConsumer(http.variables().get(0))
                .setTopic(http.variables().get(1))
                .build();
        return useCases.resetCursor(request, timeout).thenApply(cursor -> Answer.json(200, CursorJson.cursor(cursor)));
    }

    private CompletableFuture<Answer> show(Request http) {
        GetCursorRequest request = GetCursorRequest.newBuilder()
                .setConsumer(http.variables().get(0))
                .setTopic(http.variables().get(1))
                .setConsistency(http.query().only(List.of("consistency")).consistency())
                .build();
        return useCases.cursor(request, timeout).thenApply(cursor -> Answer.json(200, CursorJson.cursor(cursor)));
    }

    private CompletableFuture<Answer> delete(Request http) {
        http.query().only(List.of());
        DeleteCursorRequest request = DeleteCursorRequest.newBuilder()
                .setConsumer(http.variables().get(0))
                .setTopic(http.variables().get(1))
                .build();
        return useCases.deleteCursor(request, timeout).thenApply(answer -> Answer.empty(204));
    }

    private CompletableFuture<Answer> list(Request http) {
        Query query = http.query().only(List.of("topic", "consumer", "consistency"));
        ListCursorsRequest request = ListCursorsRequest.newBuilder()
                .setTopic(query.text("topic").orElse(""))
                .setConsumer(query.text("consumer").orElse(""))
                .setConsistency(query.consistency())
                .build();
        return useCases.cursors(request, timeout)
                .thenApply(answer -> Answer.json(200, CursorJson.cursors(answer.getCursorsList())));
    }
}
