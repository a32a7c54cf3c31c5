package io.eckermann.bench.workload;

import java.util.ArrayList;
import java.util.List;

/** When events were acknowledged, and when none was. */
final class AckGaps {
    static final int STEP_MS = 100;

    private final long[] sorted;

    /** Of these times, in any order. */
    AckGaps(List<Long> times) {
        sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** The longest time without an acknowledgement that ends after {@code from}; the end counts as one. */
    long longestNs(long from, long end) {
        long longest = 0;
        long last = from;
        for (long time : sorted) {
            if (time > end) {
                break;
            }
            if (time > from) {
                longest = Math.max(longest, time - last);
                last = time;
            }
        }
        return Math.max(longest, end - last);
    }

    /** How many came in each step. */
    List<Long> perStep(long from, long end, int stepMs) {
        long stepNs = stepMs * 1_000_000L;
        long[] counts = new long[(int) ((end - from + stepNs - 1) / stepNs)];
        for (long time : sorted) {
            if (time >= from && time < end) {
                counts[(int) ((time - from) / stepNs)]++;
            }
        }
        List<Long> steps = new ArrayList<>(counts.length);
        for (long count : counts) {
            steps.add(count);
        }
        return steps;
    }
}
