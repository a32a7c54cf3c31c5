package io.eckermann.gateway.topics;

import io.eckermann.protocol.EventDeletion;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.StoredChunk;
import io.eckermann.statemachine.command.EventTimeText;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import java.util.BitSet;
import java.util.List;

/**
 * Makes the operation that deletes some events of a chunk: a new body, and by what these events were found, so that apply
 * need not look into bodies. Pure.
 */
final class EventRemoval {
    private EventRemoval() {}

    /**
     * Deletes events because they were asked to be.
     *
     * @param numbers of these events in the chunk, from 0
     */
    static Operation.ReplaceBody asked(long topicId, StoredChunk stored, BitSet numbers) {
        return of(topicId, stored, numbers, false);
    }

    /** Deletes events that others of their keys have followed. */
    static Operation.ReplaceBody superseded(long topicId, StoredChunk stored, BitSet numbers) {
        return of(topicId, stored, numbers, true);
    }

    private static Operation.ReplaceBody of(long topicId, StoredChunk stored, BitSet numbers, boolean superseded) {
        EncodedEvents without = EventDeletion.without(stored.chunk(), numbers);
        // Of a chunk's first events some may be truncated.
        long last = stored.chunk().getFirstPosition() + stored.chunk().getCount() - 1;
        List<Event> events = EventsCodec.events(stored.chunk());
        TermCollector terms = new TermCollector();
        numbers.stream().forEach(number -> add(terms, stored.chunk().getSkip() + number, events.get(number)));
        return new Operation.ReplaceBody(
                topicId,
                last,
                stored.address(),
                without.getEncoding(),
                without.getCrc32C(),
                without.getBody(),
                terms.terms(Integer.MAX_VALUE),
                superseded);
    }

    private static void add(TermCollector terms, int number, Event event) {
        if (!event.getType().isEmpty()) {
            terms.add(Kind.TYPE, number, event.getTypeBytes());
        }
        if (!event.getKey().isEmpty()) {
            terms.add(Kind.KEY, number, event.getKeyBytes());
        }
        for (int i = 0; i < event.getTagsCount(); i++) {
            terms.add(Kind.TAG, number, event.getTagsBytes(i));
        }
        if (event.hasTimeNs()) {
            terms.add(Kind.EVENT_TIME, number, EventTimeText.of(event.getTimeNs()));
        }
    }
}
