package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Processor time of the whole machine since it was started, in seconds over all processors.
 *
 * @param busySeconds in which it did anything, the time a hypervisor took included
 * @param totalSeconds all
 */
public record CpuTime(double busySeconds, double totalSeconds) {
    private static final int COUNTED_FIELDS = 8;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final double TICKS_PER_SECOND = 100;

    /** Reads /proc/stat. */
    public static CpuTime now() throws IOException {
        return of(Files.readAllLines(Path.of("/proc/stat")).get(0));
    }

    static CpuTime of(String line) {
        double[] ticks = Arrays.stream(line.trim().split("\\s+", -1))
                .skip(1)
                .limit(COUNTED_FIELDS)
                .mapToDouble(Double::parseDouble)
                .toArray();
        double total = Arrays.stream(ticks).sum();
        return new CpuTime((total - ticks[IDLE] - ticks[IO_WAIT]) / TICKS_PER_SECOND, total / TICKS_PER_SECOND);
    }
}
