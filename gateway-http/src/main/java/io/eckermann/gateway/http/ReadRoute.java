package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.gateway.http.json.ConditionsJson;
import io.eckermann.gateway.http.json.EventJson;
import io.eckermann.gateway.http.json.EventTimeJson;
import io.eckermann.gateway.http.json.JsonBytes;
import io.eckermann.gateway.http.json.PageJson;
import io.eckermann.gateway.http.json.ShownCloudEvent;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.RecordedEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** {@code GET /v1/topics/{topic}/events} and one event by its position. */
final class ReadRoute {
    private final UseCases useCases;
    private final Executor work;
    private final Duration timeout;

    ReadRoute(UseCases useCases, Executor work, Duration timeout) {
        this.useCases = useCases;
        this.work = work;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/topics/{topic}/events", this::events);
        router.on("GET", "/v1/topics/{topic}/events/{position}", this::event);
        router.on("GET", "/v1/topics/{topic}/keys/{key}", this::key);
        router.on("GET", "/v1/topics/{topic}/explain", this::explain);
    }

    private CompletableFuture<Answer> events(Request http) {
        String topic = http.variables().get(0);
        if (EventTimeQuery.isOne(http.query())) {
            return byEventTime(EventTimeQuery.of(topic, http), http);
        }
        ReadQuery query = ReadQuery.of(topic, http);
        if (query.isPage()) {
            return page(query.request(), http)
                    .thenCompose(page ->
                            mayWait(query, page) ? awaited(query, page, http) : CompletableFuture.completedFuture(page))
                    .thenApplyAsync(
                            page -> query.format().equals(Answer.JSON)
                                    ? Answer.json(200, page.bytes())
                                    : CloudEventMessages.batch(topic, page),
                            work);
        }
        boolean serverSent = query.format().equals(Answer.SSE);
        StreamFormat format = serverSent ? StreamFormat.SSE : StreamFormat.NDJSON;
        // Events go from chunks into text; nothing else is made of them.
        ReadRequest request =
                query.request().toBuilder().setFormat(ReadRequest.Format.CHUNKS).build();
        CompletableFuture<Answer> flow = useCases.read(request, timeout)
                .thenCompose(stream -> flow(request.getDirection(), stream, format, http));
        return serverSent && request.getFollow() ? flow.exceptionally(ReadRoute::later) : flow;
    }

    /**
     * Browsers come back when a stream ends, but never after a status other than 200: so what will pass is told as a stream
     * of server-sent events that ends.
     */
    private static Answer later(Throwable failure) {
        StoreException error = HttpErrors.storeException(failure);
        if (!error.code().retryable()) {
            throw error;
        }
        JsonBytes out = new JsonBytes().raw(StreamFormat.SSE.opening());
        StreamFormat.SSE.error(out, error);
        return Answer.of(200, Answer.SSE, out.toByteArray());
    }

    private CompletableFuture<Answer> byEventTime(ReadByEventTimeRequest request, Request http) {
        if (EventTimeQuery.isStream(http)) {
            return EventTimeStream.open(useCases, request, timeout, EventTimeQuery.streamLimit(http.query()))
                    .thenCompose(stream -> flow(Direction.FORWARD, stream, StreamFormat.NDJSON, http));
        }
        return useCases.byEventTime(request, timeout)
                .thenApplyAsync(page -> Answer.json(200, EventTimeJson.page(page)), work);
    }

    private CompletableFuture<Answer> event(Request http) {
        http.query().only(List.of("consistency", "cloudevent"));
        String format = Accept.format(http, Accept.EVENT);
        boolean binary = http.query().choice("cloudevent", Map.of("binary", true), false);
        String topic = http.variables().get(0);
        long position = Query.number("position", http.variables().get(1), 1, Long.MAX_VALUE);
        ReadRequest request = ReadRequest.newBuilder()
                .setTopic(topic)
                .setFrom(position)
                .setLimit(1)
                .setConsistency(http.query().consistency())
                .build();
        return page(request, http)
                .thenApplyAsync(
                        page -> {
                            if (page.events().isEmpty() || page.events().get(0).getPosition() != position) {
                                throw new StoreException(
                                                ErrorCode.EVENT_NOT_FOUND,
                                                "The topic has no event at this position; 'head' is its last one.")
                                        .with("topic", topic)
                                        .with("position", position)
                                        .with("head", page.head());
                            }
                            return shown(topic, page.events().get(0), format, binary);
                        },
                        work);
    }

    private static Answer shown(String topic, RecordedEvent event, String format, boolean binary) {
        if (binary) {
            return CloudEventMessages.binary(ShownCloudEvent.of(topic, event));
        }
        if (format.equals(CloudEventJson.ONE)) {
            return CloudEventMessages.structured(ShownCloudEvent.of(topic, event));
        }
        JsonBytes out = new JsonBytes();
        EventJson.write(out, event);
        return Answer.json(200, out.toByteArray());
    }

    private CompletableFuture<Answer> key(Request http) {
        http.query().only(List.of("consistency"));
        GetKeyRequest request = GetKeyRequest.newBuilder()
                .setTopic(http.variables().get(0))
                .setKey(http.variables().get(1))
                .setConsistency(http.query().consistency())
                .build();
        return useCases.key(request, timeout).thenApply(key -> {
            JsonBytes out = new JsonBytes();
            out.raw("{\"key\":").text(request.getKey());
            out.raw(",\"version\":").number(key.getVersion());
            out.raw(",\"last\":").number(key.getLast());
            out.raw(",\"head\":").number(key.getHead()).raw('}');
            return Answer.json(200, out.toByteArray());
        });
    }

    private CompletableFuture<Answer> explain(Request http) {
        ReadRequest asked = ReadQuery.explained(http);
        ExplainRequest.Builder request = ExplainRequest.newBuilder()
                .setTopic(http.variables().get(0))
                .setQuery(asked.getQuery())
                .setAfter(asked.getAfter())
                .setConsistency(asked.getConsistency());
        if (asked.hasKey()) {
            request.setKey(asked.getKey());
        }
        return useCases.explain(request.build(), timeout)
                .thenApply(answer -> Answer.json(200, ConditionsJson.explained(answer)));
    }

    private CompletableFuture<PageJson> page(ReadRequest request, Request http) {
        return useCases.read(request, timeout).thenCompose(stream -> {
            http.caller().whenGone(stream::close);
            return new PageReader(request, stream, work).read();
        });
    }

    private static boolean mayWait(ReadQuery query, PageJson page) {
        long to = query.request().getTo();
        boolean lookedAtAll = query.request().getFilter().isEmpty() || page.caughtUp();
        return !query.patience().isZero() && page.events().isEmpty() && lookedAtAll && (to == 0 || page.next() <= to);
    }

    /** The page of the first event that comes; when none does in time, the empty one there was, with the head of then. */
    private CompletableFuture<PageJson> awaited(ReadQuery query, PageJson empty, Request http) {
        ReadRequest following = query.request().toBuilder()
                .setFrom(empty.next())
                .setFollow(true)
                .build();
        return useCases.read(following, timeout)
                .thenCompose(stream -> {
                    http.caller().whenGone(stream::close);
                    CompletableFuture<PageJson> page = new PageReader(following, stream, work).read();
                    http.caller().whenHurried(stream::close);
                    // Closing makes the reader complete its page as it is; the timer dies with the page.
                    CompletableFuture<Void> timer = new CompletableFuture<Void>()
                            .completeOnTimeout(null, query.patience().toMillis(), TimeUnit.MILLISECONDS);
                    CompletableFuture<Void> unused = timer.thenRun(stream::close);
                    return page.whenComplete((done, failure) -> timer.complete(null));
                })
                .thenApply(page -> new PageJson(
                        page.events(),
                        page.next(),
                        page.head(),
                        page.keyVersion(),
                        page.caughtUp() || page.events().isEmpty(),
                        empty.snapped()));
    }

    /** Takes the first frame, so that what fails by then is still answered as a problem. */
    private CompletableFuture<Answer> flow(Direction direction, ReadStream stream, StreamFormat format, Request http) {
        http.caller().whenGone(stream::close);
        return stream.next()
                .thenApply(first -> {
                    ReadStarted started = first.orElseThrow(() -> closed()).getStarted();
                    Map<String, String> headers = new LinkedHashMap<>();
                    headers.put("Content-Type", format.contentType());
                    headers.put("Cache-Control", "no-store");
                    headers.put("X-Accel-Buffering", "no");
                    headers.put("Eckermann-Head", Long.toString(started.getHead()));
                    headers.put("Eckermann-Snapped", Boolean.toString(started.getSnapped()));
                    return (Answer) new Answer.Flow(headers, stream, format, direction == Direction.BACKWARD);
                })
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        stream.close();
                    }
                });
    }

    private static StoreException closed() {
        return new StoreException(ErrorCode.NOT_READY, "The read ended before it began; try again.");
    }
}
