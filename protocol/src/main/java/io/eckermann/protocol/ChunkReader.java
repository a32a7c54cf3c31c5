package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes chunk after chunk. Neighbours may share one compressed body, of which each has a part: this unpacks it once for
 * all of them, and holds nothing of any other. Used by one thread at a time.
 */
public final class ChunkReader {
    /** A chunk that has a part of its body only, and that body as PLAIN. */
    private @Nullable Chunk part;

    private ByteString whole = ByteString.EMPTY;

    /**
     * Some of a chunk's events; the others are only passed. Its checksum is not looked at.
     *
     * @param skip how many of the chunk's events to leave out
     * @param take how many to decode then
     * @throws StoreException DATA_CORRUPT when the body does not hold the chunk, or the chunk does not hold these events
     */
    public List<Event> events(Chunk chunk, int skip, int take) {
        if (skip < 0 || take < 0 || chunk.getSkip() < 0 || (long) skip + take > chunk.getCount()) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A slice reaches beyond its chunk.")
                    .with("position", chunk.getFirstPosition());
        }
        ByteString plain = part != null && shareBody(part, chunk)
                ? whole
                : BodyCompression.decompress(chunk.getEncoding(), chunk.getBody());
        List<Event> events = new ArrayList<>(Math.min(take, plain.size() / EventsCodec.EVENT_BYTES_MIN));
        long first = (long) chunk.getSkip() + skip;
        long total = EventsCodec.read(plain, first, first + take, Long.MAX_VALUE, events);
        if (chunk.getEncoding() == Encoding.PLAIN) {
            EventsCodec.requireCount(chunk.getCount(), total);
        } else if (total < (long) chunk.getSkip() + chunk.getCount()) {
            EventsCodec.requireCount((long) chunk.getSkip() + chunk.getCount(), total);
        }
        boolean isPart = total > chunk.getCount();
        part = isPart ? chunk : null;
        whole = isPart ? plain : ByteString.EMPTY;
        return events;
    }

    /** Whether these are different parts of one body, or of equal ones; not so for chunks that only look the same. */
    public static boolean shareBody(Chunk one, Chunk other) {
        return one.getSkip() != other.getSkip()
                && one.getCrc32C() == other.getCrc32C()
                && one.getEncoding() == other.getEncoding()
                && one.getBody().equals(other.getBody());
    }
}
