package io.eckermann.client;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Producer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The events of one append, with who waits for them. Guarded by its lane's lock. */
final class Batch {
    /** Tag and length of an event inside a body, at most. */
    private static final int FRAME_BYTES = 6;

    private final List<Event> events;
    /** One for each event, or none when somebody waits for the whole. */
    private final List<CompletableFuture<Long>> singles;

    private final @Nullable CompletableFuture<AppendResult> whole;
    final long deadlineNs;
    private long bytes;
    private @Nullable EncodedEvents encoded;
    private int attempts;

    /** Sent and not answered. */
    boolean inFlight;
    /** An earlier attempt may have been recorded. */
    boolean unknown;
    /** Whoever waits has been told that the outcome is unknown; it is resent only for those behind it. */
    boolean told;

    long sequence;

    private Batch(List<Event> events, @Nullable CompletableFuture<AppendResult> whole, long deadlineNs) {
        this.events = events;
        this.singles = new ArrayList<>();
        this.whole = whole;
        this.deadlineNs = deadlineNs;
        for (Event event : events) {
            bytes += size(event);
        }
    }

    /** An append of its own: nothing joins it. */
    static Batch whole(List<Event> events, CompletableFuture<AppendResult> result, long deadlineNs) {
        return new Batch(events, result, deadlineNs);
    }

    /** An append that single events join. */
    static Batch open(long deadlineNs) {
        return new Batch(new ArrayList<>(), null, deadlineNs);
    }

    /** What an event takes of an append. */
    static int size(Event event) {
        return event.getSerializedSize() + FRAME_BYTES;
    }

    boolean hasRoomFor(Event event, int bytesMax) {
        return whole == null
                && encoded == null
                && events.size() < Limits.APPEND_EVENTS_MAX
                && (events.isEmpty() || bytes + size(event) <= bytesMax);
    }

    void add(Event event, CompletableFuture<Long> position) {
        events.add(event);
        singles.add(position);
        bytes += size(event);
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

    /** The request under its sequence; the same bytes every time. */
    AppendRequest request(String topic, String producer) {
        attempts++;
        inFlight = true;
        if (encoded == null) {
            encoded = EventsCodec.encode(events);
        }
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEncoded(encoded)
                .setProducer(Producer.newBuilder().setId(producer).setSequence(sequence))
                .build();
    }

    /** Two halves when it is made of several single events; else only itself. */
    List<Batch> halves() {
        if (whole != null || events.size() < 2) {
            return List.of(this);
        }
        int middle = events.size() / 2;
        return List.of(part(0, middle), part(middle, events.size()));
    }

    private Batch part(int from, int to) {
        Batch part = new Batch(new ArrayList<>(), null, deadlineNs);
        for (int i = from; i < to; i++) {
            part.add(events.get(i), singles.get(i));
        }
        part.encoded = EventsCodec.encode(part.events);
        return part;
    }

    void complete(AppendResponse response) {
        for (int i = 0; i < singles.size(); i++) {
            singles.get(i).complete(response.getFirst() + i);
        }
        if (whole != null) {
            whole.complete(new AppendResult(
                    response.getFirst(),
                    response.getLast(),
                    response.getHead(),
                    response.getRecordedNs(),
                    response.getDuplicate()));
        }
    }

    void fail(Failure failure) {
        EckermannException error = Failures.exception(failure);
        singles.forEach(position -> position.completeExceptionally(error));
        if (whole != null) {
            whole.completeExceptionally(error);
        }
    }

    /** Everyone who waits for it. */
    List<CompletableFuture<?>> waiting() {
        List<CompletableFuture<?>> all = new ArrayList<>(singles);
        if (whole != null) {
            all.add(whole);
        }
        return all;
    }
}
