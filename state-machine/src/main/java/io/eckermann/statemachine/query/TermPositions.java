package io.eckermann.statemachine.query;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where one term is. Rows are fetched a few at a time, more while they are used one by one, fewer after a leap. */
final class TermPositions implements Positions {
    private static final int FETCHED_MIN = 2;
    private static final int FETCHED_MAX = 128;

    private final Postings postings;
    /** Rows that name lower positions only are not looked at: those were removed. */
    private final long lowest;

    private final boolean forward;
    private final Steps steps;
    /** In reading direction; all behind the block. */
    private final ArrayDeque<PostingBlock> fetched = new ArrayDeque<>(FETCHED_MIN);

    private @Nullable PostingBlock block;
    private int fetchNext = FETCHED_MIN;
    /** There is nothing behind what was fetched. */
    private boolean ended;

    TermPositions(Postings postings, long lowest, boolean forward, Steps steps) {
        this.postings = postings;
        this.lowest = Math.max(NONE_LOWER + 1, lowest);
        this.forward = forward;
        this.steps = steps;
    }

    @Override
    public long seek(long from) {
        if (forward) {
            PostingBlock reached = reached(Math.max(lowest, from));
            return reached == null ? NONE_HIGHER : reached.atOrAfter(Math.max(lowest, from));
        }
        PostingBlock reached = from < lowest ? null : reached(from);
        long found = reached == null ? NONE_LOWER : reached.atOrBefore(from);
        return found < lowest ? NONE_LOWER : found;
    }

    private @Nullable PostingBlock reached(long from) {
        while (block == null || !reaches(block, from)) {
            block = next(from);
            if (block == null) {
                ended = true;
                return null;
            }
        }
        return block;
    }

    private boolean reaches(PostingBlock some, long from) {
        return forward ? some.last() >= from : some.first() <= from;
    }

    private @Nullable PostingBlock next(long from) {
        boolean leapt = false;
        for (PostingBlock next = fetched.poll(); next != null; next = fetched.poll()) {
            if (reaches(next, from)) {
                return next;
            }
            leapt = true;
        }
        if (ended) {
            return null;
        }
        fetchNext = leapt ? FETCHED_MIN : fetchNext;
        int before = fetchNext;
        if (forward) {
            fetchForward(from);
        } else {
            fetchBackward(from);
        }
        ended = fetched.size() < before;
        fetchNext = Math.min(FETCHED_MAX, 2 * before);
        steps.take(1 + fetched.size());
        return fetched.poll();
    }

    private void fetchForward(long from) {
        postings.ascend(from, this::take);
    }

    /** The block that ends at or behind the place may hold what lies before it. */
    private void fetchBackward(long from) {
        postings.ascend(from, across -> {
            if (across.first() <= from) {
                fetched.add(across);
            }
            return false;
        });
        postings.descend(from - 1, this::take);
    }

    private boolean take(PostingBlock found) {
        if (found.last() < lowest) {
            return false;
        }
        fetched.add(found);
        return fetched.size() < fetchNext;
    }
}
