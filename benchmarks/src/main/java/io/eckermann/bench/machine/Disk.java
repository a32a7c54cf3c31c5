package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The block device below a directory, by /proc/diskstats. Immutable. */
public final class Disk {
    private static final int SECTOR_BYTES = 512;
    private static final int NAME = 2;
    private static final int SECTORS_WRITTEN = 9;
    private static final int FLUSHES = 18;

    private final String numbers;

    private Disk(String numbers) {
        this.numbers = numbers;
    }

    /**
     * What was done to it since the machine was started.
     *
     * @param flushes cache flushes; 0 where the kernel does not count them
     */
    public record Sample(String device, long writtenBytes, long flushes) {}

    /** The device that holds this directory. */
    public static Disk below(Path directory) throws IOException {
        long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
        // The C library's packing of the two numbers.
        long major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
        long minor = (device & 0xff) | ((device >> 12) & ~0xffL);
        return new Disk(major + " " + minor);
    }

    /** Its counters now; empty when the kernel has none, as for a file system in memory or over the network. */
    public Optional<Sample> sample() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/diskstats"))) {
            String[] fields = line.trim().split("\\s+", -1);
            if ((fields[0] + " " + fields[1]).equals(numbers)) {
                return Optional.of(new Sample(
                        fields[NAME],
                        Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR_BYTES,
                        fields.length > FLUSHES ? Long.parseLong(fields[FLUSHES]) : 0));
            }
        }
        return Optional.empty();
    }
}
