package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.AppendManyJson;
import io.eckermann.gateway.http.json.Nearest;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/append}: to several topics, with commits of cursors. */
final class AppendManyRoute {
    private static final List<String> HEADERS = List.of(Dispatcher.REDIRECT);

    private final UseCases useCases;
    private final Duration timeout;

    AppendManyRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("POST", "/v1/append", this::append);
    }

    private CompletableFuture<Answer> append(Request http) {
        http.query().only(List.of());
        refuseOthersHeaders(http);
        AppendManyRequest.Builder request = AppendManyJson.request(Bodies.json(http));
        http.header(AppendRoute.IDEMPOTENCY_KEY)
                .ifPresent(key -> request.setIdempotencyKey(AppendRoute.unquoted(AppendRoute.IDEMPOTENCY_KEY, key)));
        AppendManyRequest asked = request.build();
        return useCases.appendMany(asked, timeout).thenApply(done -> answer(asked, done));
    }

    private static Answer answer(AppendManyRequest asked, AppendManyResponse done) {
        boolean created = done.getAppendsCount() > 0 && !done.getDuplicate();
        Answer.Whole answer = Answer.json(created ? 201 : 200, AppendManyJson.answer(asked, done));
        return done.getDuplicate() ? answer.with("Idempotent-Replayed", "true") : answer;
    }

    /** What is a header of an append to one topic belongs into the body here, and must not get lost without a word. */
    private static void refuseOthersHeaders(Request http) {
        for (String name : http.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("if-match") || lower.equals("if-none-match")) {
                throw HttpErrors.bad(name, "is for one topic; here it is a condition of the append to each");
            }
            if (lower.startsWith("eckermann-") && !name.equalsIgnoreCase(Dispatcher.REDIRECT)) {
                throw new StoreException(
                                ErrorCode.BAD_REQUEST,
                                "There is no header '" + name + "' here" + Nearest.hint(name, HEADERS))
                        .with("field", name);
            }
        }
    }
}
