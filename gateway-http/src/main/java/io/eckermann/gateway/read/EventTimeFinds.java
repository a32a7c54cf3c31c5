package io.eckermann.gateway.read;

import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.EventTime;
import io.eckermann.statemachine.EventTimes;
import io.eckermann.statemachine.ReadView;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Fills one page with the events that the index of business times names, as far as they are wanted. Used once. */
final class EventTimeFinds {
    /** After so many bytes that were looked at a page ends. */
    private static final long BYTES_MAX = 1 << 20;

    /** And after so long, as expressions may be slow. */
    private static final long PATIENCE_NS = 100_000_000;

    private final ReadView view;
    private final long topicId;
    private final Predicate<RecordedEvent> wanted;
    private final int limit;
    private final EventTimePage.Builder page;
    private final ChunkReader reader = new ChunkReader();
    private final long begunNanos;
    private Chunk chunk = Chunk.getDefaultInstance();
    private long bytes;

    EventTimeFinds(ReadView view, long topicId, ReadByEventTimeRequest request, int limit, EventTimePage.Builder page) {
        this.view = view;
        this.topicId = topicId;
        this.wanted = EventMatch.isNeeded(request) ? EventMatch.of(request) : event -> true;
        this.limit = limit;
        this.page = page;
        // Compiling an expression does not count.
        this.begunNanos = System.nanoTime();
    }

    /** Adds what lies between two places, in either direction; returns where the next page starts, if there is more. */
    @Nullable
    EventTime add(EventTime from, EventTime to) {
        EventTime next = from;
        while (next != null && !isFull()) {
            next = add(view.eventTimes(topicId, next, to, limit));
        }
        return next;
    }

    private boolean isFull() {
        return page.getEventsCount() >= limit
                || bytes >= BYTES_MAX
                || (bytes > 0 && System.nanoTime() - begunNanos > PATIENCE_NS);
    }

    private @Nullable EventTime add(EventTimes found) {
        for (EventTime place : found.found()) {
            if (isFull()) {
                return place;
            }
            RecordedEvent event = event(place.position());
            if (event != null) {
                bytes += event.getSerializedSize();
                if (wanted.test(event)) {
                    page.addEvents(event);
                }
            }
        }
        return found.next();
    }

    /** Null when its chunk is gone: then it was truncated since it was found. */
    private @Nullable RecordedEvent event(long position) {
        if (!holds(position)) {
            List<Chunk> holding = view.forward(topicId, position, 1);
            chunk = holding.isEmpty() ? chunk : holding.get(0);
        }
        if (!holds(position)) {
            return null;
        }
        int k = (int) (position - chunk.getFirstPosition());
        return RecordedEvent.newBuilder()
                .setPosition(position)
                .setRecordedNs(chunk.getFirstRecordedNs() + k)
                .setEvent(reader.events(chunk, k, 1).get(0))
                .build();
    }

    private boolean holds(long position) {
        return position >= chunk.getFirstPosition() && position < chunk.getFirstPosition() + chunk.getCount();
    }
}
