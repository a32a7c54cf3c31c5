package io.eckermann.gateway.groups;

import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.ReadView;
import java.util.ArrayList;
import java.util.List;

/**
 * Events at certain positions, as far as there is something left of them.
 *
 * @param found in the order of their positions
 * @param missing were removed, or deleted
 * @param cutAt the first position that was not looked at because the events before are large; 0 when all were
 */
record StoredEvents(List<RecordedEvent> found, List<Long> missing, long cutAt) {
    private static final long PAGE_BYTES = 1 << 20;

    /** @param positions in rising order, all of them visible here */
    static StoredEvents read(ReadView view, long topicId, List<Long> positions, long bytesMax) {
        List<RecordedEvent> found = new ArrayList<>(positions.size());
        List<Long> missing = new ArrayList<>();
        ChunkReader reader = new ChunkReader();
        long bytes = 0;
        int next = 0;
        while (next < positions.size()) {
            int before = next;
            for (Chunk chunk : view.forward(topicId, positions.get(next), page(positions, next))) {
                int end = next;
                long behind = chunk.getFirstPosition() + chunk.getCount();
                while (end < positions.size() && positions.get(end) < behind) {
                    end++;
                }
                for (RecordedEvent event : events(reader, chunk, positions.subList(next, end), missing)) {
                    bytes += event.getSerializedSize();
                    if (bytes > bytesMax && !found.isEmpty()) {
                        return new StoredEvents(found, missing, event.getPosition());
                    }
                    found.add(event);
                }
                next = end;
                if (next == positions.size()) {
                    break;
                }
            }
            if (next == before) {
                // Beyond what is there; the topic may be gone.
                missing.add(positions.get(next++));
            }
        }
        return new StoredEvents(found, missing, 0);
    }

    /** Neighbours are read together; of events that are apart, only the chunks that hold them. */
    private static long page(List<Long> positions, int next) {
        long span = positions.get(positions.size() - 1) - positions.get(next);
        return span < 2L * (positions.size() - next) ? PAGE_BYTES : 1;
    }

    private static List<RecordedEvent> events(
            ChunkReader reader, Chunk chunk, List<Long> positions, List<Long> missing) {
        List<RecordedEvent> events = new ArrayList<>(positions.size());
        List<Long> inside = new ArrayList<>(positions.size());
        for (long position : positions) {
            if (position < chunk.getFirstPosition()) {
                missing.add(position);
            } else {
                inside.add(position);
            }
        }
        if (inside.isEmpty()) {
            return events;
        }
        long lowest = inside.get(0);
        int count = (int) (inside.get(inside.size() - 1) - lowest + 1);
        List<Event> decoded = reader.events(chunk, (int) (lowest - chunk.getFirstPosition()), count);
        for (long position : inside) {
            Event event = decoded.get((int) (position - lowest));
            if (event.getDeleted()) {
                missing.add(position);
            } else {
                events.add(RecordedEvent.newBuilder()
                        .setPosition(position)
                        .setRecordedNs(chunk.getFirstRecordedNs() + position - chunk.getFirstPosition())
                        .setEvent(event)
                        .build());
            }
        }
        return events;
    }
}
