package io.eckermann.gateway.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.TermCollector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes who was refused and who administered into the topic {@code _audit}, through the log like any other events. Nobody
 * waits for it, and nobody can make it grow without end: refusals of one kind are one event with a count, there are few kinds
 * at a time, the rest is one number, and the topic itself is bounded. An administrative act may be told twice, when the
 * outcome of writing it was unknown; it is lost only when this node ends within the second behind it, or has no leader for
 * long. Safe from any thread.
 */
public final class AuditTrail {
    public static final String TOPIC = "_audit";

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final TopicSettings SETTINGS = TopicSettings.newBuilder()
            .setMaxEventBytes(Limits.EVENT_PAYLOAD_BYTES_MAX)
            .setDescription("Who was refused, and who administered")
            .setRetainBytes(64L << 20)
            .build();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ACTS_MAX = 1_000;
    private static final int REFUSALS_MAX = 50;
    private static final JsonFactory JSON = new JsonFactory();

    private final String node;
    private final Shards shards;
    private final Clock clock;
    private final Duration window;

    /** Under the lock of this object, from here on. */
    private final ArrayDeque<Event> acts = new ArrayDeque<>();

    private final Map<Refusal, Count> refusals = new LinkedHashMap<>();
    private long refusalsElsewhere;
    private long actsLost;
    private Instant told;
    private boolean writing;
    private long topicId;

    private record Refusal(String who, String address, String call, String topics, ErrorCode code) {}

    private static final class Count {
        private final Instant first;
        private Instant last;
        private String lastRequestId = "";
        private long times;

        Count(Instant first) {
            this.first = first;
            this.last = first;
        }
    }

    /**
     * Writes nothing yet.
     *
     * @param window refusals are told once in so long
     */
    public AuditTrail(String node, Shards shards, Clock clock, Duration window) {
        this.node = node;
        this.shards = shards;
        this.clock = clock;
        this.window = window;
        this.told = clock.instant();
    }

    /**
     * Somebody was refused.
     *
     * @param who its name, or which key it showed
     * @param call method or route
     */
    public synchronized void refused(String who, String address, String call, String topics, ErrorCode code) {
        Refusal refusal = new Refusal(who, address, call, Access.shortened(topics), code);
        Count count = refusals.get(refusal);
        if (count == null) {
            if (refusals.size() >= REFUSALS_MAX) {
                refusalsElsewhere++;
                return;
            }
            count = new Count(clock.instant());
            refusals.put(refusal, count);
        }
        count.last = clock.instant();
        count.lastRequestId = Correlation.current().requestId();
        count.times++;
    }

    /**
     * Somebody administered, or tried to.
     *
     * @param requestId empty when it has none
     * @param outcome OK, or the code of the failure
     */
    public synchronized void administered(
            Principal who, String address, String call, String requestId, String topics, String outcome) {
        if (acts.size() >= ACTS_MAX) {
            actsLost++;
            return;
        }
        acts.add(event("Administered", json -> {
            json.writeStringField("principal", who.name());
            if (!who.keyId().isEmpty()) {
                json.writeStringField("key", who.keyId());
            }
            json.writeStringField("address", address);
            json.writeStringField("call", call);
            if (!requestId.isEmpty()) {
                json.writeStringField(RequestId.FACT, requestId);
            }
            json.writeStringField("topics", Access.shortened(topics));
            json.writeStringField("outcome", outcome);
        }));
    }

    /** Writes what there is; called again and again by a timer. Never blocks. */
    public void look() {
        List<Event> events;
        int acted;
        synchronized (this) {
            if (writing) {
                return;
            }
            events = new ArrayList<>(acts);
            acted = events.size();
            if (!clock.instant().isBefore(told.plus(window))) {
                told = clock.instant();
                tellRefusals(events);
            }
            if (events.isEmpty()) {
                return;
            }
            writing = true;
        }
        Failures.whenDone(Failures.guarded(() -> write(events)), done -> written(acted), failure -> {
            LOG.warn("The audit could not be written, what was administered is told again: {}", failure.toString());
            written(0);
        });
    }

    private void tellRefusals(List<Event> events) {
        refusals.forEach((refusal, count) -> events.add(event("Refused", json -> {
            json.writeStringField("principal", refusal.who());
            json.writeStringField("address", refusal.address());
            json.writeStringField("call", refusal.call());
            json.writeStringField("topics", refusal.topics());
            json.writeStringField("outcome", refusal.code().name());
            json.writeNumberField("times", count.times);
            json.writeStringField("first_time", count.first.toString());
            json.writeStringField("last_time", count.last.toString());
            json.writeStringField("last_request_id", count.lastRequestId);
        })));
        if (refusalsElsewhere > 0 || actsLost > 0) {
            long others = refusalsElsewhere;
            long lost = actsLost;
            events.add(event("Refused", json -> {
                json.writeStringField("principal", "others");
                json.writeNumberField("times", others);
                json.writeNumberField("acts_lost", lost);
            }));
        }
        refusals.clear();
        refusalsElsewhere = 0;
        actsLost = 0;
    }

    private synchronized void written(int acted) {
        for (int i = 0; i < acted; i++) {
            acts.remove();
        }
        writing = false;
    }

    private CompletableFuture<Result> write(List<Event> events) {
        EncodedEvents encoded = EventsCodec.encode(events);
        TermCollector terms = new TermCollector();
        for (int i = 0; i < events.size(); i++) {
            terms.add(Particulars.Kind.TYPE, i, events.get(i).getTypeBytes());
        }
        Particulars particulars = Particulars.of(terms.terms(events.size()), List.of(), null);
        return topic().thenCompose(id -> shards.of(id)
                        .writes()
                        .submit(
                                new Operation.Append(
                                        id,
                                        encoded.getCount(),
                                        encoded.getEncoding(),
                                        encoded.getCrc32C(),
                                        encoded.getBody(),
                                        null,
                                        particulars),
                                TIMEOUT))
                .thenApply(result -> {
                    if (result instanceof Result.Refused refused) {
                        topicIs(0);
                        throw refused.toException();
                    }
                    return result;
                });
    }

    private CompletableFuture<Long> topic() {
        long known;
        synchronized (this) {
            known = topicId;
        }
        if (known > 0) {
            return CompletableFuture.completedFuture(known);
        }
        return shards.place(TOPIC, OptionalInt.empty(), Deadline.after(TIMEOUT))
                .thenCompose(shard -> shards.all()
                        .get(shard)
                        .writes()
                        .submit(new Operation.CreateTopic(TOPIC, SETTINGS, shard), TIMEOUT))
                .thenApply(result -> {
                    long id;
                    if (result instanceof Result.TopicCreated created) {
                        id = created.topicId();
                    } else {
                        // With other settings, by another version.
                        Result.Refused refused = (Result.Refused) result;
                        id = Long.parseLong(refused.facts().getOrDefault("topic_id", "0"));
                    }
                    topicIs(id);
                    return id;
                });
    }

    private synchronized void topicIs(long id) {
        topicId = id;
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private Event event(String type, Fields fields) {
        ByteString.Output payload = ByteString.newOutput();
        try (JsonGenerator json = JSON.createGenerator(payload)) {
            json.writeStartObject();
            json.writeStringField("time", clock.instant().toString());
            json.writeStringField("node", node);
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Event.newBuilder()
                .setType(type)
                .setPayload(payload.toByteString())
                .build();
    }
}
