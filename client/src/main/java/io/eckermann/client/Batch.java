package io.eckermann.client;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The events of one append on the wire, with who waits for them; what several callers append together is recorded
 * together or not at all. Guarded by its lane's lock, but for encoding, which happens outside of it once it is sealed.
 */
final class Batch {
    /** Tag and length of an event inside a body, at most. */
    private static final int FRAME_BYTES = 6;

    private final List<Waiting> waiting = new ArrayList<>();
    /** Completes when all who wait have been told. Theirs say nothing of that: callers may complete those. */
    private final CompletableFuture<Void> settled = new CompletableFuture<>();

    final long deadlineNs;
    private final AdaptiveCompression compression;
    /** What must hold; who appends under conditions is alone in a batch. */
    private final List<Condition> conditions;

    private int count;
    private long bytes;
    private boolean sealed;
    private int attempts;

    /** Empty once they are encoded. Complete when sealed; guarded by itself from then on, as is encoded. */
    private final List<Event> events = new ArrayList<>();

    private volatile @Nullable EncodedEvents encoded;

    /** Sent and not answered. */
    boolean inFlight;
    /** An earlier attempt may have been recorded. */
    boolean unknown;
    /** Whoever waits has been told that the outcome is unknown; it is resent only for those behind it. */
    boolean told;

    long sequence;

    /** @param compression what is known of the topic's batches */
    Batch(long deadlineNs, AdaptiveCompression compression, List<Condition> conditions) {
        this.deadlineNs = deadlineNs;
        this.compression = compression;
        this.conditions = conditions;
    }

    /** What an event takes of an append. */
    static int size(Event event) {
        return event.wireBytes() + FRAME_BYTES;
    }

    /**
     * Whether these may join. A batch has the deadline of what came first, and what joins must not lose much of its own.
     */
    boolean takes(int moreEvents, long moreBytes, long theirDeadlineNs, ClientConfig config) {
        return hasRoomFor(moreEvents, moreBytes, config.appendBytes())
                && theirDeadlineNs - deadlineNs <= config.requestTimeout().toNanos() / 10;
    }

    /** Whether it is open and has room: always when nothing is in it yet. */
    boolean hasRoomFor(int moreEvents, long moreBytes, int bytesMax) {
        boolean fits = count + moreEvents <= Limits.APPEND_EVENTS_MAX && bytes + moreBytes <= bytesMax;
        return !sealed && (count == 0 || (fits && conditions.isEmpty()));
    }

    void add(List<Event> more, long moreBytes, Waiting who) {
        events.addAll(more);
        waiting.add(who);
        count += who.events();
        bytes += moreBytes;
    }

    /** Nothing joins any more. */
    void seal() {
        sealed = true;
    }

    long bytes() {
        return bytes;
    }

    int attempts() {
        return attempts;
    }

    boolean mayBeDone() {
        return inFlight || unknown;
    }

    /** One more attempt begins. */
    void depart() {
        attempts++;
        inFlight = true;
    }

    boolean isEncoded() {
        return encoded != null;
    }

    /** Its events as they are sent and stored, the same bytes every time; any thread, once it is sealed. */
    EncodedEvents encode() {
        EncodedEvents done = encoded;
        if (done != null) {
            return done;
        }
        synchronized (events) {
            done = encoded;
            if (done == null) {
                done = compression.encode(EventBody.of(events), events.size());
                encoded = done;
                events.clear();
            }
            return done;
        }
    }

    /** Encodes it, if it can be: what fails here fails again for whoever sends it, and those who wait are told then. */
    void encodeAhead() {
        try {
            EncodedEvents unused = encode();
        } catch (RuntimeException | Error e) {
            // The caller's own events are not in it, and have been taken.
        }
    }

    /** The request under this number. Being refused for a condition takes the number, too: others were sent behind it. */
    AppendRequest request(String topic, String producer, long number) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEncoded(encode())
                .setProducer(Producer.newBuilder()
                        .setId(producer)
                        .setSequence(number)
                        .setRefusalsCount(!conditions.isEmpty()))
                .addAllConditions(conditions)
                .build();
    }

    /** Two halves when several wait for it; else only itself. */
    List<Batch> halves() {
        if (waiting.size() < 2) {
            return List.of(this);
        }
        EncodedEvents whole = encode();
        List<Event> all = EventsCodec.decode(whole.getEncoding(), whole.getBody(), whole.getCount()).stream()
                .map(Event::new)
                .toList();
        int middle = waiting.size() / 2;
        Batch first = new Batch(deadlineNs, compression, conditions);
        Batch second = new Batch(deadlineNs, compression, conditions);
        int next = 0;
        for (int i = 0; i < waiting.size(); i++) {
            Waiting who = waiting.get(i);
            List<Event> theirs = all.subList(next, next + who.events());
            next += who.events();
            (i < middle ? first : second)
                    .add(theirs, theirs.stream().mapToLong(Batch::size).sum(), who);
        }
        first.seal();
        second.seal();
        CompletableFuture<?> unused = first.settled.runAfterBoth(second.settled, () -> settled.complete(null));
        return List.of(first, second);
    }

    void complete(AppendResponse response) {
        try {
            int before = 0;
            for (Waiting who : waiting) {
                who.recorded(response, before);
                before += who.events();
            }
        } finally {
            settled.complete(null);
        }
    }

    void fail(Failure failure) {
        EckermannException error = Failures.exception(failure);
        try {
            waiting.forEach(who -> who.future().completeExceptionally(error));
        } finally {
            settled.complete(null);
        }
    }

    /** Completes when everyone who waits for it has been told; never fails. */
    CompletableFuture<Void> settled() {
        return settled;
    }
}
