package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;

/** Takes away what one event of a chunk says: in its place is one that says that it was deleted, and nothing else. */
public final class EventDeletion {
    private static final Event DELETED = Event.newBuilder().setDeleted(true).build();

    private EventDeletion() {}

    /** Whether the event at the position, which the chunk holds, is deleted. */
    public static boolean isDeleted(Chunk chunk, long position) {
        int number = (int) (position - chunk.getFirstPosition());
        return EventsCodec.events(chunk, number, 1).get(0).getDeleted();
    }

    /**
     * The chunk's whole body without what the event at the position said, encoded as it was; events of other chunks that
     * share the body are in it as before.
     *
     * @throws StoreException DATA_CORRUPT when the body does not hold the chunk
     */
    public static EncodedEvents without(Chunk chunk, long position) {
        ByteString plain = BodyCompression.decompress(chunk.getEncoding(), chunk.getBody());
        List<Event> events = new ArrayList<>();
        long total = EventsCodec.read(plain, 0, Long.MAX_VALUE, Long.MAX_VALUE, events);
        int number = chunk.getSkip() + (int) (position - chunk.getFirstPosition());
        if (number >= total) {
            EventsCodec.requireCount(number + 1L, total);
        }
        events.set(number, DELETED);
        ByteString body = BodyCompression.compress(chunk.getEncoding(), EventsCodec.body(events));
        return EventsCodec.encoded(chunk.getEncoding(), body, events.size());
    }
}
