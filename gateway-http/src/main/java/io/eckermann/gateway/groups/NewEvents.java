package io.eckermann.gateway.groups;

import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.query.Filter;
import java.util.List;

/**
 * Tells apply of events that a group has not looked at yet: which there are and of what key. What an event is never changes,
 * so it does not matter which node looks. Events of which nothing is left are passed over.
 */
final class NewEvents {
    private static final int EVENTS_MIN = 64;
    private static final int EVENTS_MAX = 2_000;
    private static final long BYTES_MAX = 1 << 20;

    private final ReadView view;
    private final TopicState topic;
    private final GroupSettings settings;
    private final Ahead.Builder ahead = Ahead.newBuilder();
    private long last;

    private NewEvents(ReadView view, TopicState topic, GroupSettings settings) {
        this.view = view;
        this.topic = topic;
        this.settings = settings;
    }

    /**
     * Looks ahead.
     *
     * @param from the first position to look at
     * @param wanted how many events could be leased
     */
    static Ahead of(ReadView view, TopicState topic, GroupSettings settings, long from, int wanted) {
        NewEvents events = new NewEvents(view, topic, settings);
        return events.look(Math.max(from, topic.first()), Math.max(EVENTS_MIN, Math.min(2 * wanted, EVENTS_MAX)));
    }

    private boolean isByKey() {
        return settings.getOrdering() == Ordering.BY_KEY;
    }

    private Ahead look(long from, int max) {
        ahead.setFrom(from).setThrough(topic.head());
        last = from;
        if (settings.getQuery().getItemsCount() > 0) {
            matching(from, max);
        } else if (isByKey()) {
            all(from, max);
        } else {
            ahead.setFrom(1).setEvery(true);
        }
        return ahead.build();
    }

    private void matching(long from, int max) {
        List<Long> positions = view.matchesForward(topic.id(), Filter.of(settings.getQuery()), from, topic.head(), max);
        if (positions.size() == max) {
            ahead.setThrough(positions.get(max - 1));
        }
        if (!isByKey()) {
            positions.forEach(position -> add(position, ""));
            return;
        }
        StoredEvents stored = StoredEvents.read(view, topic.id(), positions, BYTES_MAX);
        stored.found()
                .forEach(event -> add(event.getPosition(), event.getEvent().getKey()));
        if (stored.cutAt() > 0) {
            ahead.setThrough(stored.cutAt() - 1);
        }
    }

    private void all(long from, int max) {
        if (from > topic.head()) {
            return;
        }
        ChunkReader reader = new ChunkReader();
        long position = from;
        for (Chunk chunk : view.forward(topic.id(), from, BYTES_MAX)) {
            long begin = Math.max(position, chunk.getFirstPosition());
            long end = Math.min(chunk.getFirstPosition() + chunk.getCount(), topic.head() + 1);
            end = Math.min(end, from + max);
            if (begin >= end) {
                break;
            }
            position = begin;
            int skip = (int) (begin - chunk.getFirstPosition());
            for (Event event : reader.events(chunk, skip, (int) (end - position))) {
                if (!event.getDeleted()) {
                    add(position, event.getKey());
                }
                position++;
            }
        }
        ahead.setThrough(position - 1);
    }

    private void add(long position, String key) {
        ahead.addSteps(position - last);
        last = position;
        if (isByKey()) {
            ahead.addKeys(key);
        }
    }
}
