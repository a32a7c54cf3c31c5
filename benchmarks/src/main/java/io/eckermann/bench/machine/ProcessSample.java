package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, from /proc.
 *
 * @param cpuSeconds processor time of all its threads, user and system
 * @param writtenBytes bytes it caused to be sent to the device, as the kernel attributes them
 * @param rssBytes resident memory now
 */
public record ProcessSample(double cpuSeconds, long writtenBytes, long rssBytes) {
    /** Linux gives times in hundredths of a second, whatever its own clock's rate. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    /** Reads it; zeros when the process has ended. */
    public static ProcessSample of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(proc.resolve("stat"));
            // The name before may hold spaces; it ends with the last parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = Double.parseDouble(fields[USER_TICKS]) + Double.parseDouble(fields[SYSTEM_TICKS]);
            return new ProcessSample(
                    ticks / TICKS_PER_SECOND,
                    number(proc.resolve("io"), "write_bytes:"),
                    number(proc.resolve("status"), "VmRSS:") * 1024);
        } catch (IOException e) {
            return new ProcessSample(0, 0, 0);
        }
    }

    private static long number(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).trim().split("\\s", -1)[0]);
            }
        }
        return 0;
    }
}
