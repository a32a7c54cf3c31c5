package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Chunk;
import java.util.List;

/**
 * What memory holds of a topic from a position on.
 *
 * @param head the topic's last position in memory; the view may have come a little further
 * @param chunks consecutive, beginning with the one that holds the position; empty when that is head + 1. Who asks for
 *     the same gets the same list, until the topic changes
 */
public record Recent(long head, List<Chunk> chunks) {
    /** Whether memory has nothing behind these chunks. */
    public boolean reachesHead() {
        if (chunks.isEmpty()) {
            return true;
        }
        Chunk last = chunks.get(chunks.size() - 1);
        return last.getFirstPosition() + last.getCount() > head;
    }
}
