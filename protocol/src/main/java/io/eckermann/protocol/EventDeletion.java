package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Takes away what events of a chunk say: in the place of each is one that says that it was deleted, and nothing else. */
public final class EventDeletion {
    private static final Event DELETED = Event.newBuilder().setDeleted(true).build();

    private EventDeletion() {}

    /** Whether the event at the position, which the chunk holds, is deleted. */
    public static boolean isDeleted(Chunk chunk, long position) {
        int number = (int) (position - chunk.getFirstPosition());
        return EventsCodec.events(chunk, number, 1).get(0).getDeleted();
    }

    /**
     * The chunk's whole body without what some of its events said, encoded as it was; events of other chunks that share
     * the body are in it as before.
     *
     * @param numbers of these events in the chunk, from 0
     * @throws StoreException DATA_CORRUPT when the body does not hold the chunk
     */
    public static EncodedEvents without(Chunk chunk, BitSet numbers) {
        ByteString plain = BodyCompression.decompress(chunk.getEncoding(), chunk.getBody());
        List<Event> events = new ArrayList<>();
        long total = EventsCodec.read(plain, 0, Long.MAX_VALUE, Long.MAX_VALUE, events);
        long needed = (long) chunk.getSkip() + numbers.length();
        if (needed > total) {
            EventsCodec.requireCount(needed, total);
        }
        numbers.stream().forEach(number -> events.set(chunk.getSkip() + number, DELETED));
        ByteString body = BodyCompression.compress(chunk.getEncoding(), EventsCodec.body(events));
        return EventsCodec.encoded(chunk.getEncoding(), body, events.size());
    }

    /** The same without one event. */
    public static EncodedEvents without(Chunk chunk, long position) {
        BitSet number = new BitSet();
        number.set((int) (position - chunk.getFirstPosition()));
        return without(chunk, number);
    }
}
