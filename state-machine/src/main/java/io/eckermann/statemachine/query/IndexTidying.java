package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drops rows of the index of terms that name truncated events only. They are not side by side, so one walks over all of a
 * topic's terms, a few steps with each command. Apply thread.
 */
public final class IndexTidying {
    private static final int TERM_AT = Long.BYTES;
    /** A look for the next term, measured in rows that go. Commands say how many steps they allow: this never changes. */
    private static final int STEPS_OF_A_TERM = 8;

    private final StoreBatch batch;
    private final byte[] begin;
    private final byte[] end;
    private final List<byte[]> gone = new ArrayList<>();

    public IndexTidying(StoreBatch batch, long topicId) {
        this.batch = batch;
        begin = Key.of(topicId).bytes();
        end = Key.of(topicId + 1).bytes();
    }

    /** Drops all rows of a topic that has no events left. */
    public void dropAll() {
        batch.deleteRange(Family.TERMS, begin, end);
    }

    /**
     * Drops rows that end before a position.
     *
     * @param from key of the row to begin at, without the topic's id; empty: the first
     * @return where to go on; empty when there are no more
     */
    public ByteString drop(long before, ByteString from, int stepsMax) {
        Walk walk = new Walk(before, Key.of(begin).then(from.toByteArray()).bytes(), stepsMax);
        while (walk.steps > 0 && !walk.ended) {
            walk.ended = true;
            batch.ascend(Family.TERMS, walk.next, end, walk::row);
        }
        gone.forEach(key -> batch.delete(Family.TERMS, key));
        return walk.ended ? ByteString.EMPTY : ByteString.copyFrom(walk.next, TERM_AT, walk.next.length - TERM_AT);
    }

    private final class Walk {
        final long before;
        byte[] next;
        int steps;
        boolean ended;

        Walk(long before, byte[] next, int steps) {
            this.before = before;
            this.next = next;
            this.steps = steps;
        }

        /** Leaps over the rest of a term, of which later rows end later. */
        boolean row(byte[] key, byte[] value) {
            int lastAt = key.length - Long.BYTES;
            boolean goes = Key.longAt(key, lastAt) < before;
            if (goes) {
                gone.add(key);
            }
            steps -= goes ? 1 : STEPS_OF_A_TERM;
            if (goes && steps > 0) {
                return true;
            }
            // Behind this row, or all of its term: no position is the greatest number.
            next = goes
                    ? Arrays.copyOf(key, key.length + 1)
                    : Key.of(Arrays.copyOf(key, lastAt)).then(Long.MAX_VALUE).bytes();
            ended = false;
            return false;
        }
    }
}
