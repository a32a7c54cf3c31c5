package io.eckermann.chaos;

import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/** When appends were acknowledged, one after the other, and so when none was. Written by one thread, read by any. */
final class AckTimes {
    private final ConcurrentLinkedQueue<Long> timesNs = new ConcurrentLinkedQueue<>();

    /** One was; no earlier than those before. */
    void note(long atNs) {
        timesNs.add(atNs);
    }

    int count() {
        return timesNs.size();
    }

    /** The longest time between two that follow each other, of those times that have something of what lies between these. */
    long longestGapNs(long fromNs, long toNs) {
        long longest = 0;
        Long last = null;
        for (long time : timesNs) {
            if (last != null && time - fromNs > 0 && last - toNs < 0) {
                longest = Math.max(longest, time - last);
            }
            last = time;
        }
        return longest;
    }

    /** Such times in words. */
    static String spread(LongStream gapsNs) {
        double[] ms = gapsNs.sorted().mapToDouble(gap -> gap / 1e6).toArray();
        return ms.length == 0
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "%d: least %.0f ms, median %.0f, 90 %% within %.0f, 99 %% within %.0f, most %.0f",
                        ms.length,
                        ms[0],
                        of(ms, 500),
                        of(ms, 900),
                        of(ms, 990),
                        ms[ms.length - 1]);
    }

    /** The least that so many of a thousand do not exceed. */
    private static double of(double[] sorted, int perMille) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * perMille / 1000.0) - 1)];
    }
}
