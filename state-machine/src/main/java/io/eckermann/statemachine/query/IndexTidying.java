package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drops rows of the index that name truncated events only: of terms, and then of ids where these are unique. They are not
 * side by side, so one walks over all of a topic's, a few steps with each command. Apply thread.
 */
public final class IndexTidying {
    private static final int TERM_AT = Long.BYTES;
    /** A look for the next term, measured in rows that go. Commands say how many steps they allow: this never changes. */
    private static final int STEPS_OF_A_TERM = 8;
    /** Where the walk over ids begins, and with what places in it begin: no kind of term has this number. */
    private static final ByteString IDS = ByteString.copyFrom(new byte[] {(byte) 0xff});

    private final StoreBatch batch;
    private final boolean uniqueIds;
    private final byte[] begin;
    private final byte[] end;
    private final List<byte[]> gone = new ArrayList<>();

    /** @param uniqueIds whether the topic knows the ids of its events */
    public IndexTidying(StoreBatch batch, long topicId, boolean uniqueIds) {
        this.batch = batch;
        this.uniqueIds = uniqueIds;
        begin = Key.of(topicId).bytes();
        end = Key.of(topicId + 1).bytes();
    }

    /** Drops all rows of a topic that has no events left. */
    public void dropAll() {
        batch.deleteRange(Family.TERMS, begin, end);
        batch.deleteRange(Family.EVENT_IDS, begin, end);
    }

    /**
     * Drops rows that end before a position.
     *
     * @param from where the step before ended; empty: the first row
     * @return where to go on; empty when there are no more
     */
    public ByteString drop(long before, ByteString from, int stepsMax) {
        if (from.startsWith(IDS)) {
            return dropIds(before, from.substring(IDS.size()), stepsMax);
        }
        ByteString next = dropTerms(before, from, stepsMax);
        return next.isEmpty() && uniqueIds ? IDS : next;
    }

    private ByteString dropIds(long before, ByteString from, int stepsMax) {
        int[] visited = {0};
        List<byte[]> next = new ArrayList<>(1);
        batch.ascend(Family.EVENT_IDS, Key.of(begin).then(from.toByteArray()).bytes(), end, (key, position) -> {
            if (visited[0]++ == stepsMax) {
                next.add(key);
                return false;
            }
            if (Key.longAt(position, 0) < before) {
                gone.add(key);
            }
            return true;
        });
        gone.forEach(key -> batch.delete(Family.EVENT_IDS, key));
        return next.isEmpty() ? ByteString.EMPTY : IDS.concat(place(next.get(0)));
    }

    /** A key without the topic's id. */
    private static ByteString place(byte[] key) {
        return ByteString.copyFrom(key, TERM_AT, key.length - TERM_AT);
    }

    private ByteString dropTerms(long before, ByteString from, int stepsMax) {
        Walk walk = new Walk(before, Key.of(begin).then(from.toByteArray()).bytes(), stepsMax);
        while (walk.steps > 0 && !walk.ended) {
            walk.ended = true;
            batch.ascend(Family.TERMS, walk.next, end, walk::row);
        }
        gone.forEach(key -> batch.delete(Family.TERMS, key));
        return walk.ended ? ByteString.EMPTY : place(walk.next);
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
