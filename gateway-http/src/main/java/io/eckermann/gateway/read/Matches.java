package io.eckermann.gateway.read;

import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.query.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Events that were looked for, in reading order.
 *
 * @param through all positions up to there, in reading direction, were looked at
 * @param missing of which event behind that the chunk was not there, because it was removed between the look into the
 *     index and this; 0 when all were
 */
record Matches(List<RecordedEvent> events, long through, long missing) {
    /** What is found at once, and the bytes after which no other chunk is fetched. */
    private static final int FOUND_MAX = 512;

    private static final long BYTES_MAX = 512 << 10;

    /** Of a page of all events. */
    private static final int EVENTS_MAX = 10_000;

    /** How long a thread is held to look which events of a page are wanted. */
    private static final long PATIENCE_NS = 100_000_000;

    /** The next ones from this position on, none behind {@code to}. */
    static Matches forward(ReadView view, long topicId, Filter filter, long from, long to) {
        return of(view, topicId, view.matchesForward(topicId, filter, from, to, FOUND_MAX), to, 1);
    }

    /** The same in falling order. */
    static Matches backward(ReadView view, long topicId, Filter filter, long from, long to) {
        return of(view, topicId, view.matchesBackward(topicId, filter, from, to, FOUND_MAX), to, -1);
    }

    /** About a page of all events from this position on, none behind {@code to}. */
    static Matches allForward(ReadView view, long topicId, long from, long to) {
        return all(view.forward(topicId, from, BYTES_MAX), from, to, 1);
    }

    /** The same in falling order. */
    static Matches allBackward(ReadView view, long topicId, long from, long to) {
        return all(view.backward(topicId, from, BYTES_MAX), from, to, -1);
    }

    private static Matches all(List<Chunk> chunks, long from, long to, int step) {
        List<RecordedEvent> events = new ArrayList<>();
        ChunkReader reader = new ChunkReader();
        long bytes = 0;
        long next = from;
        for (Chunk chunk : chunks) {
            int room = EVENTS_MAX - events.size();
            if (!holds(chunk, next) || (to - next) * step < 0 || room == 0 || bytes >= BYTES_MAX) {
                break;
            }
            long end = step > 0 ? chunk.getFirstPosition() + chunk.getCount() - 1 : chunk.getFirstPosition();
            long count = Math.min(Math.min((end - next) * step, (to - next) * step) + 1, room);
            bytes += take(
                    reader,
                    chunk,
                    LongStream.iterate(next, position -> position + step)
                            .limit(count)
                            .boxed()
                            .toList(),
                    events);
            next += count * step;
        }
        return new Matches(events, next - step, events.isEmpty() ? from : 0);
    }

    /** Of these the ones that are wanted; when that takes long, only as far as it has come by then. */
    Matches only(Predicate<RecordedEvent> wanted) {
        long begunNanos = System.nanoTime();
        List<RecordedEvent> kept = new ArrayList<>();
        for (RecordedEvent event : events) {
            if (wanted.test(event)) {
                kept.add(event);
            }
            if (System.nanoTime() - begunNanos > PATIENCE_NS) {
                return new Matches(kept, event.getPosition(), 0);
            }
        }
        return new Matches(kept, through, missing);
    }

    /** The same request, with a start and a limit in place of a count of events that match. */
    static ReadRequest counted(ReadRequest request, ReadView view, TopicState topic, Filter filter) {
        if (!request.hasLast() || request.getDirection() == Direction.BACKWARD) {
            return limited(request, topic);
        }
        List<Long> last = request.getLast() == 0
                ? List.of()
                : view.matchesBackward(topic.id(), filter, topic.head(), topic.first(), (int) request.getLast());
        return request.toBuilder()
                .setFrom(last.isEmpty() ? topic.head() + 1 : last.get(last.size() - 1))
                .build();
    }

    /** The same request; one for the last events backward with a start and a limit in place of that. */
    static ReadRequest limited(ReadRequest request, TopicState topic) {
        if (!request.hasLast() || request.getDirection() == Direction.FORWARD) {
            return request;
        }
        long limit = request.getLimit() == 0 ? request.getLast() : Math.min(request.getLimit(), request.getLast());
        return request.toBuilder().setFrom(topic.head()).setLimit(limit).build();
    }

    /** Whether an event that the index names was not there. */
    boolean isCutShort() {
        return missing > 0;
    }

    /** @param step from one position to the next, in reading direction */
    private static Matches of(ReadView view, long topicId, List<Long> positions, long to, int step) {
        List<RecordedEvent> events = new ArrayList<>(positions.size());
        ChunkReader reader = new ChunkReader();
        long bytes = 0;
        int next = 0;
        while (next < positions.size() && bytes < BYTES_MAX) {
            List<Chunk> holding = view.forward(topicId, positions.get(next), 1);
            long position = positions.get(next);
            if (holding.isEmpty() || !holds(holding.get(0), position)) {
                return new Matches(events, position - step, position);
            }
            Chunk chunk = holding.get(0);
            int end = next + 1;
            while (end < positions.size() && holds(chunk, positions.get(end))) {
                end++;
            }
            bytes += take(reader, chunk, positions.subList(next, end), events);
            next = end;
        }
        boolean all = next == positions.size() && positions.size() < FOUND_MAX;
        return new Matches(events, all ? to : positions.get(next - 1), 0);
    }

    private static boolean holds(Chunk chunk, long position) {
        return position >= chunk.getFirstPosition() && position < chunk.getFirstPosition() + chunk.getCount();
    }

    /** Adds the events at these positions of one chunk; returns how many bytes they take. */
    private static long take(ChunkReader reader, Chunk chunk, List<Long> positions, List<RecordedEvent> into) {
        long lowest = Math.min(positions.get(0), positions.get(positions.size() - 1));
        long highest = Math.max(positions.get(0), positions.get(positions.size() - 1));
        int skip = (int) (lowest - chunk.getFirstPosition());
        List<Event> events = reader.events(chunk, skip, (int) (highest - lowest + 1));
        long bytes = 0;
        for (long position : positions) {
            Event event = events.get((int) (position - lowest));
            bytes += event.getSerializedSize();
            into.add(RecordedEvent.newBuilder()
                    .setPosition(position)
                    .setRecordedNs(chunk.getFirstRecordedNs() + position - chunk.getFirstPosition())
                    .setEvent(event)
                    .build());
        }
        return bytes;
    }
}
