package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.DcbJson;
import io.eckermann.gateway.http.json.PageJson;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * {@code GET /read} and {@code POST /append} as the public test suite for Dynamic Consistency Boundaries asks for them,
 * on one topic. For that suite alone: nothing else should be built on it, and it is off unless a topic is set.
 */
final class DcbRoute {
    /** The suite reads topics as a whole. */
    private static final long EVENTS_MAX = 100_000;

    private final String topic;
    private final UseCases useCases;
    private final Executor work;
    private final Duration timeout;

    DcbRoute(String topic, UseCases useCases, Executor work, Duration timeout) {
        this.topic = topic;
        this.useCases = useCases;
        this.work = work;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/read", this::read);
        router.on("POST", "/append", this::append);
    }

    private CompletableFuture<Answer> read(Request http) {
        http.query().only(List.of("query", "options"));
        String query = http.query()
                .text("query")
                .orElseThrow(() -> HttpErrors.bad("query", "is missing: {\"items\":[]} means all events"));
        DcbJson.Options options = http.query()
                .text("options")
                .map(text -> DcbJson.options("options", text))
                .orElse(DcbJson.Options.NONE);
        ReadRequest.Builder request = ReadRequest.newBuilder()
                .setTopic(topic)
                .setQuery(DcbJson.query("query", query))
                .setDirection(options.backwards() ? Direction.BACKWARD : Direction.FORWARD)
                .setLimit(options.limit() > 0 ? options.limit() : EVENTS_MAX);
        if (options.from() > 0) {
            request.setFrom(options.from());
        }
        return page(request.build(), http)
                .thenApplyAsync(
                        page -> Answer.json(
                                200, DcbJson.events(whole(page, options).events())),
                        work);
    }

    private CompletableFuture<PageJson> page(ReadRequest request, Request http) {
        return useCases.read(request, timeout).thenCompose(stream -> {
            http.caller().whenGone(stream::close);
            return new PageReader(request, stream, work).read();
        });
    }

    /** Who did not ask for a part must not take one for the whole. */
    private static PageJson whole(PageJson page, DcbJson.Options options) {
        if (options.limit() == 0 && page.events().size() == EVENTS_MAX && !page.caughtUp()) {
            throw HttpErrors.bad("options.limit", "is missing, and more than " + EVENTS_MAX + " events match");
        }
        return page;
    }

    private CompletableFuture<Answer> append(Request http) {
        http.query().only(List.of());
        AppendRequest request = DcbJson.append(http.body()).setTopic(topic).build();
        long startNs = System.nanoTime();
        return useCases.append(request, timeout).handle((appended, failure) -> {
            if (failure != null) {
                StoreException refused = HttpErrors.storeException(failure);
                if (refused.code() != ErrorCode.CONDITION_FAILED) {
                    throw refused;
                }
            }
            long durationUs = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNs);
            return Answer.json(200, DcbJson.appended(durationUs, failure != null));
        });
    }
}
