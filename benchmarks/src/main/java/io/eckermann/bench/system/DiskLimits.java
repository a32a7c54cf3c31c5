package io.eckermann.bench.system;

import io.eckermann.bench.load.Tally;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** What the disk can do by itself: appends with fdatasync, one after the other, and one long write. */
public final class DiskLimits implements SelfMeasured {
    private static final int[] SIZES = {1 << 10, 4 << 10, 64 << 10, 1 << 20};
    private static final long FILE_BYTES_MAX = 2L << 30;

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public String acknowledgement() {
        return "fdatasync on one disk";
    }

    @Override
    public boolean supports(String workload) {
        return workload.equals(LIMITS);
    }

    @Override
    public List<Row> measure(List<String> workloads, int repeat, Path directory, Times times) throws IOException {
        List<Row> rows = new ArrayList<>();
        Duration each = times.measure().dividedBy(SIZES.length);
        for (int size : SIZES) {
            rows.add(appends(repeat, directory, size, each));
        }
        rows.add(sequential(repeat, directory, each));
        return rows;
    }

    private Row appends(int repeat, Path directory, int size, Duration duration) throws IOException {
        Tally tally = new Tally();
        Path file = directory.resolve("append");
        ByteBuffer block = block(size);
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        try (FileChannel channel = open(file)) {
            for (long now = start; now < end && channel.position() < FILE_BYTES_MAX; now = System.nanoTime()) {
                long before = System.nanoTime();
                channel.write(block.rewind());
                channel.force(false);
                tally.took(size, System.nanoTime() - before);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        String name = size < 1 << 20 ? (size >> 10) + "KiB" : (size >> 20) + "MiB";
        return row("L-append-" + name, repeat, tally, System.nanoTime() - start);
    }

    private Row sequential(int repeat, Path directory, Duration duration) throws IOException {
        Tally tally = new Tally();
        Path file = directory.resolve("sequential");
        ByteBuffer block = block(1 << 20);
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        try (FileChannel channel = open(file)) {
            while (System.nanoTime() < end && channel.position() < FILE_BYTES_MAX) {
                channel.write(block.rewind());
                tally.count(1, block.limit());
            }
            channel.force(false);
        } finally {
            Files.deleteIfExists(file);
        }
        return row("L-write-then-sync", repeat, tally, System.nanoTime() - start);
    }

    private Row row(String workload, int repeat, Tally tally, long tookNs) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.RATE, tally.events() / (tookNs / 1e9));
        values.put(Metric.MEGABYTES, tally.bytes() / 1e6 / (tookNs / 1e9));
        Histogram times = tally.takeLatencyNs();
        if (times.getTotalCount() > 0) {
            values.put(Metric.P50, times.getValueAtPercentile(50) / 1e6);
            values.put(Metric.P99, times.getValueAtPercentile(99) / 1e6);
            values.put(Metric.P999, times.getValueAtPercentile(99.9) / 1e6);
        }
        return new Row(name(), acknowledgement(), workload, repeat, values, List.of(), 0, "");
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private static ByteBuffer block(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return ByteBuffer.allocateDirect(size).put(bytes).flip();
    }
}
