package io.eckermann.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Finds the ids in a stream of server-sent events, however it is cut, and counts those out of turn. Of one thread. */
public final class EventIds {
    private static final byte[] MARK = "\nid: ".getBytes(StandardCharsets.US_ASCII);

    private long last;
    private int matched;
    private long id;

    /** @param after the id before the first */
    public EventIds(long after) {
        this.last = after;
    }

    /** Tells of each id that the bytes end; returns how many were not by one greater than the one before. */
    public long take(ByteBuffer bytes, LongConsumer found) {
        long outOfTurn = 0;
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (matched < MARK.length) {
                matched = next == MARK[matched] ? matched + 1 : begun(next);
            } else if (next >= '0' && next <= '9') {
                id = 10 * id + next - '0';
            } else {
                outOfTurn += id == last + 1 ? 0 : 1;
                last = id;
                found.accept(id);
                id = 0;
                matched = begun(next);
            }
        }
        return outOfTurn;
    }

    private static int begun(byte next) {
        return next == MARK[0] ? 1 : 0;
    }
}
