package io.eckermann.statemachine.tail;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.Recent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest chunks of one topic, without gap up to its head. One lock, this; held for a moment only. */
final class TopicTail {
    private Chunk[] ring = new Chunk[8];
    private int first;
    private int count;
    private long head;
    /** What is before was removed from the topic, and is no longer shown. */
    private long floor;

    /** The last answer: readers at the tail all ask for the same. */
    private @Nullable Recent answer;

    private long answeredFrom;
    private long answeredBytesMax;

    /** Whether the chunk goes on where this ends. */
    synchronized boolean continuedBy(Chunk chunk) {
        return count > 0 && chunk.getFirstPosition() == head + 1;
    }

    synchronized void add(Chunk chunk) {
        if (count == ring.length) {
            grow();
        }
        ring[(first + count) & (ring.length - 1)] = chunk;
        count++;
        head = last(chunk);
        answer = null;
    }

    synchronized void raiseFloor(long position) {
        floor = Math.max(floor, position);
    }

    /** Forgets the oldest chunks; returns whether none is left. */
    synchronized boolean dropOldest(int chunks) {
        int dropped = Math.min(chunks, count);
        for (int k = 0; k < dropped; k++) {
            ring[(first + k) & (ring.length - 1)] = Chunk.getDefaultInstance();
        }
        first = (first + dropped) & (ring.length - 1);
        count -= dropped;
        answer = null;
        return count == 0;
    }

    /** From the chunk that holds the position, at least one; nothing at head + 1; null when it is not all here. */
    synchronized @Nullable Recent read(long from, long bytesMax) {
        if (count == 0 || from > head + 1 || from < floor || from < at(0).getFirstPosition()) {
            return null;
        }
        Recent known = answer;
        if (known == null || answeredFrom != from || answeredBytesMax != bytesMax) {
            known = new Recent(head, from > head ? List.of() : page(holding(from), bytesMax));
            answer = known;
            answeredFrom = from;
            answeredBytesMax = bytesMax;
        }
        return known;
    }

    private List<Chunk> page(int start, long bytesMax) {
        List<Chunk> page = new ArrayList<>();
        long left = bytesMax;
        for (int k = start; k < count; k++) {
            left -= at(k).getBody().size();
            if (left < 0 && !page.isEmpty()) {
                break;
            }
            page.add(at(k));
            if (left <= 0) {
                break;
            }
        }
        return Collections.unmodifiableList(page);
    }

    /** Which chunk holds a position that one of them holds. */
    private int holding(long position) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (last(at(middle)) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Chunk at(int k) {
        return ring[(first + k) & (ring.length - 1)];
    }

    private void grow() {
        Chunk[] larger = new Chunk[ring.length * 2];
        for (int k = 0; k < count; k++) {
            larger[k] = at(k);
        }
        ring = larger;
        first = 0;
    }

    private static long last(Chunk chunk) {
        return chunk.getFirstPosition() + chunk.getCount() - 1;
    }
}
