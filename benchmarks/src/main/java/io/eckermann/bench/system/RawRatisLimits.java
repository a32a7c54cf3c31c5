package io.eckermann.bench.system;

import io.eckermann.bench.machine.Disk;
import io.eckermann.bench.machine.JarVersion;
import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.raw.RawRatis;
import io.eckermann.bench.raw.RawRatisFigures;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Ratis alone, with a node's settings: no gateway, no clients, no state. The leader proposes entries to itself, so a
 * system on Ratis can come near to it but not reach it.
 */
public final class RawRatisLimits implements SelfMeasured {
    private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseParallelGC");
    private static final int EVENT_BYTES = 1 << 10;
    private static final int[] A_ENTRY_BYTES = {64 << 10, 256 << 10, 1 << 20};
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final int A_IN_FLIGHT = 4;
    private static final int C_IN_FLIGHT = 64;

    @Override
    public String name() {
        return "raw-ratis";
    }

    @Override
    public String version() {
        return JarVersion.of("org.apache.ratis", "ratis-server");
    }

    @Override
    public String acknowledgement() {
        return "fsynced on a majority, in the leader's own process";
    }

    @Override
    public boolean supports(String workload) {
        return List.of("A-random-1", "B", "C").contains(workload);
    }

    @Override
    public List<Row> measure(List<String> workloads, int repeat, Path directory, Times times) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (RawRatis ratis = RawRatis.start(directory, JVM)) {
            double loaded = 0;
            for (String workload : workloads) {
                Duration warm = rows.isEmpty() ? times.warm() : times.next();
                int inFlight = workload.equals("A-random-1") ? A_IN_FLIGHT : workload.equals("C") ? C_IN_FLIGHT : 1;
                int entryBytes = EVENT_BYTES;
                if (inFlight == A_IN_FLIGHT) {
                    entryBytes = warmAndChoose(ratis, warm);
                } else if (!warm.isZero()) {
                    ratis.measure(entryBytes, inFlight, warm);
                }
                loaded += warm.toMillis() / 1e3;
                Row row = row(workload, repeat, directory, ratis, entryBytes, inFlight, times.measure());
                rows.add(row.with(Metric.OWN_LOAD, warm.toMillis() / 1e3).with(Metric.KIND_LOAD, loaded));
                loaded += times.measure().toMillis() / 1e3;
            }
        }
        return rows;
    }

    /** The size of entries with which it carries most. */
    private static int warmAndChoose(RawRatis ratis, Duration warm) throws IOException {
        Duration share = warm.dividedBy(A_ENTRY_BYTES.length).plus(LEAST);
        int best = 0;
        double most = 0;
        for (int entryBytes : A_ENTRY_BYTES) {
            double bytesPerSecond =
                    ratis.measure(entryBytes, A_IN_FLIGHT, share).bytesPerSecond();
            if (bytesPerSecond > most) {
                most = bytesPerSecond;
                best = entryBytes;
            }
        }
        return best;
    }

    private Row row(
            String workload, int repeat, Path directory, RawRatis ratis, int entryBytes, int inFlight, Duration measure)
            throws IOException {
        Disk disk = Disk.below(directory);
        Snapshot before = Snapshot.take(ratis.pids(), disk);
        RawRatisFigures figures = ratis.measure(entryBytes, inFlight, measure);
        Snapshot after = Snapshot.take(ratis.pids(), disk);
        double bytes = (double) figures.entries() * entryBytes;
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.RATE, figures.bytesPerSecond() / EVENT_BYTES);
        values.put(Metric.MEGABYTES, figures.bytesPerSecond() / 1e6);
        values.put(Metric.P50, figures.p50Us() / 1e3);
        values.put(Metric.P99, figures.p99Us() / 1e3);
        values.put(Metric.MAX, figures.maxUs() / 1e3);
        values.put(Metric.SERVER_CPU, (after.serverCpuSeconds() - before.serverCpuSeconds()) / (bytes / 1e9));
        values.put(Metric.RSS, after.serverRssBytes() / 1e6);
        values.put(Metric.WRITTEN, (after.serverWrittenBytes() - before.serverWrittenBytes()) / bytes / 3);
        values.put(Metric.OTHER_CPU, after.otherSince(before) * 100);
        String notes = "entries of " + (entryBytes >> 10) + " KiB, " + inFlight + " in flight, latency of an entry";
        return new Row(name(), acknowledgement(), workload, repeat, values, List.of(), 0, notes);
    }
}
