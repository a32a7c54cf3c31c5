package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.AppendJson;
import io.eckermann.gateway.http.json.Nearest;
import io.eckermann.gateway.http.json.Times;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Producer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/topics/{topic}/events}. */
final class AppendRoute {
    private static final String TYPE = "Eckermann-Type";
    private static final String KEY = "Eckermann-Key";
    private static final String ID = "Eckermann-Id";
    private static final String TAGS = "Eckermann-Tags";
    private static final String TIME = "Eckermann-Time";
    private static final String PRODUCER = "Eckermann-Producer";
    private static final String SEQUENCE = "Eckermann-Sequence";
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final List<String> ATTRIBUTES = List.of(TYPE, KEY, ID, TAGS, TIME);
    private static final List<String> HEADERS =
            List.of(TYPE, KEY, ID, TAGS, TIME, PRODUCER, SEQUENCE, Dispatcher.REDIRECT);
    private static final List<String> LINES = List.of("application/x-ndjson", "application/ndjson");
    private static final String POSSIBLE = "application/json, application/x-ndjson, application/cloudevents+json,"
            + " application/cloudevents-batch+json,"
            + " or any other type (e.g. application/octet-stream) for one event whose payload is the body";

    private final UseCases useCases;
    private final Duration timeout;

    AppendRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("POST", "/v1/topics/{topic}/events", this::append);
    }

    private CompletableFuture<Answer> append(Request http) {
        http.query().only(List.of());
        refuseUnknownHeaders(http);
        String topic = http.variables().get(0);
        AppendRequest.Builder append = body(http).setTopic(topic);
        producer(http).ifPresent(append::setProducer);
        preconditions(http, append);
        http.header(IDEMPOTENCY_KEY).ifPresent(key -> append.setIdempotencyKey(unquoted(IDEMPOTENCY_KEY, key)));
        return useCases.append(append.build(), timeout)
                .thenApply(appended -> answer(
                        topic,
                        appended,
                        appended.getDuplicate() && !append.getIdempotencyKey().isEmpty()));
    }

    private static Answer answer(String topic, AppendResponse appended, boolean replayed) {
        Answer.Whole answer = Answer.json(appended.getDuplicate() ? 200 : 201, AppendJson.answer(appended));
        return (replayed ? answer.with("Idempotent-Replayed", "true") : answer)
                .with("Location", "/v1/topics/" + topic + "/events/" + appended.getFirst())
                .with("ETag", "\"" + appended.getHead() + "\"");
    }

    /** {@code If-Match} and {@code If-None-Match} (RFC 9110) say of the topic what conditions say; they come last. */
    private static void preconditions(Request http, AppendRequest.Builder append) {
        http.header(IF_MATCH)
                .ifPresent(head -> append.addConditionsBuilder()
                        .setExpectedHead(Query.number(IF_MATCH, unquoted(IF_MATCH, head), 0, Long.MAX_VALUE)));
        http.header(IF_NONE_MATCH).ifPresent(any -> {
            if (!any.equals("*")) {
                throw HttpErrors.bad(IF_NONE_MATCH, "must be *: the topic has no events");
            }
            append.addConditionsBuilder().setTopicEmpty(true);
        });
    }

    /** The draft for Idempotency-Key, and RFC 9110 for tags, have them in quotes; people leave them out. */
    static String unquoted(String header, String value) {
        String text = value.strip();
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        text = quoted ? text.substring(1, text.length() - 1) : text;
        if (text.isEmpty()) {
            throw HttpErrors.bad(header, "has no value");
        }
        return text;
    }

    private static AppendRequest.Builder body(Request http) {
        String type = http.mediaType();
        Optional<Events> cloudEvents = CloudEventMessages.read(http);
        if (cloudEvents.isPresent()) {
            for (String header : ATTRIBUTES) {
                if (http.headers().contains(header)) {
                    throw HttpErrors.bad(header, "contradicts the CloudEvent, which says that itself");
                }
            }
            return AppendRequest.newBuilder().setEvents(cloudEvents.get());
        }
        if (type.equals(Answer.JSON) || LINES.contains(type)) {
            for (String header : ATTRIBUTES) {
                if (http.headers().contains(header)) {
                    throw HttpErrors.bad(
                            header, "is for bodies that are a payload; in JSON it is a field of the event");
                }
            }
            Bodies.plainUtf8(http);
            return type.equals(Answer.JSON)
                    ? AppendJson.request(http.body())
                    : AppendRequest.newBuilder().setEvents(AppendJson.eventsOfLines(http.body()));
        }
        if (!type.contains("/") || type.equals("application/x-www-form-urlencoded") || type.startsWith("multipart/")) {
            throw Bodies.unsupported(http, POSSIBLE);
        }
        Bodies.uncompressed(http);
        return AppendRequest.newBuilder().setEvents(Events.newBuilder().addEvents(payload(http)));
    }

    private static Event payload(Request http) {
        Event.Builder event = Event.newBuilder().setPayload(http.body());
        http.header(TYPE).ifPresent(event::setType);
        http.header(KEY).ifPresent(event::setKey);
        http.header(ID).ifPresent(event::setId);
        http.header(TIME).ifPresent(time -> event.setTimeNs(Times.parse(TIME, time)));
        http.header(TAGS).ifPresent(tags -> {
            for (String tag : tags.split(",", -1)) {
                if (tag.isBlank()) {
                    throw HttpErrors.bad(TAGS, "has an empty tag: they are separated by single commas");
                }
                event.addTags(tag.strip());
            }
        });
        return event.build();
    }

    private static Optional<Producer> producer(Request http) {
        Optional<String> id = http.header(PRODUCER);
        Optional<String> sequence = http.header(SEQUENCE);
        if (id.isPresent() != sequence.isPresent()) {
            throw HttpErrors.bad(
                    id.isPresent() ? SEQUENCE : PRODUCER, "is missing: a retry is safe only with both of them");
        }
        return id.map(name -> Producer.newBuilder()
                .setId(name)
                .setSequence(Query.number(SEQUENCE, sequence.orElseThrow(), 1, Long.MAX_VALUE))
                .build());
    }

    /** A mistyped header must not make a retry unsafe or lose an attribute without a word. */
    private static void refuseUnknownHeaders(Request http) {
        for (String name : http.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean known = HEADERS.stream().anyMatch(name::equalsIgnoreCase);
            if (lower.startsWith("eckermann-") && !known) {
                throw new StoreException(
                                ErrorCode.BAD_REQUEST,
                                "There is no header '" + name + "'" + Nearest.hint(name, HEADERS))
                        .with("field", name);
            }
        }
    }
}
