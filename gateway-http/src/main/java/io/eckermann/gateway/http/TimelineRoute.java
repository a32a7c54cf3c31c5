package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.Slots;
import io.eckermann.gateway.http.json.TimelineJson;
import io.eckermann.protocol.v1.TimelineRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /v1/topics/{topic}/timeline}. */
final class TimelineRoute {
    private static final int SLOTS_MAX = 1_000;

    private final UseCases useCases;
    private final Duration timeout;

    TimelineRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/topics/{topic}/timeline", this::timeline);
    }

    private CompletableFuture<Answer> timeline(Request http) {
        Query query = http.query().only(List.of("slot", "since", "until", "limit", "consistency"));
        String topic = http.variables().get(0);
        TimelineRequest.Builder request =
                TimelineRequest.newBuilder().setTopic(topic).setConsistency(query.consistency());
        query.text("slot").ifPresent(slot -> request.setSlotNs(Slots.nanos("slot", slot)));
        query.time("since").ifPresent(request::setSinceNs);
        query.time("until").ifPresent(request::setUntilNs);
        query.number("limit", 1, SLOTS_MAX).ifPresent(limit -> request.setLimit((int) limit));
        return useCases.timeline(request.build(), timeout)
                .thenApply(page -> Answer.json(200, TimelineJson.page(topic, page)));
    }
}
