package io.eckermann.bench.raw;

import java.util.Arrays;

/**
 * What one run gave. An entry counts when it is committed, fsynced on a majority, and applied by the leader.
 *
 * @param p50Us microseconds from proposing an entry to its answer, half of them took no longer
 */
public record RawRatisFigures(
        int entryBytes, int inFlight, long entries, double seconds, double p50Us, double p99Us, double maxUs) {
    /** The columns of {@link #line}. */
    public static final String HEADER = "entry_bytes,in_flight,entries,seconds,p50_us,p99_us,max_us";

    static RawRatisFigures of(int entryBytes, int inFlight, double seconds, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return new RawRatisFigures(
                entryBytes,
                inFlight,
                sorted.length,
                seconds,
                last < 0 ? Double.NaN : sorted[sorted.length / 2] / 1e3,
                last < 0 ? Double.NaN : sorted[(int) (sorted.length * 0.99)] / 1e3,
                last < 0 ? Double.NaN : sorted[last] / 1e3);
    }

    static RawRatisFigures parse(String line) {
        String[] fields = line.split(",", -1);
        return new RawRatisFigures(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                Long.parseLong(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                Double.parseDouble(fields[5]),
                Double.parseDouble(fields[6]));
    }

    /** Payload bytes per second. */
    public double bytesPerSecond() {
        return entries * (double) entryBytes / seconds;
    }

    /** The values with commas between them. */
    public String line() {
        return entryBytes + "," + inFlight + "," + entries + "," + seconds + "," + p50Us + "," + p99Us + "," + maxUs;
    }
}
