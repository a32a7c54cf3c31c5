package io.eckermann.statemachine.query;

import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes events out of the index of terms: nobody finds them any more by what they were. What is known of their keys
 * stays, as a version must not come twice. Apply thread.
 */
public final class TermRemoval {
    private final StoreBatch batch;
    private final long topicId;
    /** Where events of the body are: numbers of the first ones of stretches, with their positions and how many they are. */
    private final SortedMap<Long, Stretch> stretches = new TreeMap<>();

    private record Stretch(long position, int count) {}

    public TermRemoval(StoreBatch batch, long topicId) {
        this.batch = batch;
        this.topicId = topicId;
    }

    /**
     * Says where some events of the body are. Those of which it is not said have no position.
     *
     * @param number of the first of them in the body, from 0
     */
    public void at(int number, long position, int count) {
        stretches.put((long) number, new Stretch(position, count));
    }

    /** Takes out the events that the terms name by their numbers in the body. */
    public void remove(List<Term> terms) {
        for (Term term : terms) {
            PostingBlock gone = new PostingBlock();
            for (long[] run : runs(term)) {
                add(gone, run[0], run[1]);
            }
            if (!gone.isEmpty()) {
                PostingTable.remove(batch, PostingTable.prefix(topicId, term.kind(), term.text()), gone);
            }
        }
    }

    /** From and to, exclusive. */
    private static List<long[]> runs(Term term) {
        if (term.runs().isEmpty()) {
            return List.of(new long[] {0, Long.MAX_VALUE});
        }
        List<long[]> runs = new ArrayList<>();
        long end = 0;
        for (int i = 0; i < term.runs().size(); i += 2) {
            long first = end + term.runs().get(i);
            end = first + term.runs().get(i + 1);
            runs.add(new long[] {first, end});
        }
        return runs;
    }

    private void add(PostingBlock gone, long from, long to) {
        stretches.forEach((number, stretch) -> {
            long first = Math.max(from, number);
            long end = Math.min(to, number + stretch.count());
            if (first < end) {
                gone.add(stretch.position() + first - number, stretch.position() + end - 1 - number);
            }
        });
    }
}
