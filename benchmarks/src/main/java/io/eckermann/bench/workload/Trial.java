package io.eckermann.bench.workload;

import io.eckermann.bench.load.Load;
import io.eckermann.bench.load.Tallies;
import io.eckermann.bench.machine.Disk;
import io.eckermann.bench.machine.Heap;
import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Runs one load on one system: warms it, measures it, stops it, and says what was seen. Used by one thread. */
final class Trial {
    static final int STEP_MS = 1000;

    /** The machine has other things on its disk. */
    static final long DISK_RESERVE_BYTES = 4L << 30;

    private final Session session;
    private final RunningSystem running;
    private final Settings settings;
    private final Disk disk;
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);
    private final List<Long> timeline = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Trial(Session session) throws IOException {
        this.session = session;
        this.running = session.running();
        this.settings = session.settings();
        this.disk = Disk.below(settings.directory());
    }

    /** What is used at this moment. */
    Snapshot snapshot() throws IOException {
        return Snapshot.take(running.pids(), disk);
    }

    /** Lets the curve begin when the processes were started, with nothing until now. */
    void beginCurveAtStart() {
        long steps = Math.round((System.nanoTime() - session.startedNs()) / 1e6 / STEP_MS);
        timeline.addAll(Collections.nCopies(Math.toIntExact(steps), 0L));
    }

    /** Starts the load, waits until it is warm, measures, and stops it. */
    void measure(Load load) throws Exception {
        Duration warm = session.warm();
        boolean isFirst = session.isFresh();
        int stepsBefore = timeline.size();
        long startNs = System.nanoTime();
        Tallies tallies = load.tallies();
        load.start();
        try {
            run(tallies, startNs, Duration.ZERO, warm);
            warmed(warm);
            tallies.takeLatencyNs();
            long events = tallies.events();
            long bytes = tallies.bytes();
            Snapshot before = snapshot();
            run(tallies, startNs, warm, warm.plus(settings.measure()));
            Snapshot after = snapshot();
            Histogram latency = tallies.takeLatencyNs();
            count(before, after, tallies.events() - events, tallies.bytes() - bytes);
            latency(latency);
            warmUp(timeline.subList(stepsBefore, timeline.size()));
            if (isFirst) {
                sinceStart(startNs);
            }
        } finally {
            load.stop();
            session.loaded(System.nanoTime() - startNs);
        }
        outcome(tallies);
    }

    /** Says how long this load, and how long load of its kind, ran before the measurement. */
    void warmed(Duration own) {
        warmedNs(own.toNanos());
    }

    void warmedNs(long own) {
        put(Metric.OWN_LOAD, own / 1e9);
        put(Metric.KIND_LOAD, own / 1e9 + session.loadedSeconds());
    }

    void put(Metric metric, double value) {
        values.put(metric, value);
    }

    void put(Metric metric, long value) {
        values.put(metric, (double) value);
    }

    void note(String note) {
        notes.add(note);
    }

    List<Long> timeline() {
        return timeline;
    }

    /** The times of events, as percentiles. */
    void latency(Histogram ns) {
        if (ns.getTotalCount() > 0) {
            put(Metric.P50, ns.getValueAtPercentile(50) / 1e6);
            put(Metric.P99, ns.getValueAtPercentile(99) / 1e6);
            put(Metric.P999, ns.getValueAtPercentile(99.9) / 1e6);
            put(Metric.MAX, ns.getMaxValue() / 1e6);
        }
    }

    /** What so many events cost between two snapshots. */
    void count(Snapshot before, Snapshot after, long events, long bytes) {
        double seconds = (after.nanos() - before.nanos()) / 1e9;
        double gigabytes = bytes / 1e9;
        put(Metric.EVENTS, events);
        put(Metric.SECONDS, seconds);
        put(Metric.RATE, events / seconds);
        put(Metric.MEGABYTES, bytes / 1e6 / seconds);
        put(Metric.OTHER_CPU, after.otherSince(before) * 100);
        double client = after.generator().cpuSeconds() - before.generator().cpuSeconds();
        if (bytes > 0) {
            put(Metric.CLIENT_CPU, client / gigabytes);
        }
        if (running.pids().isEmpty()) {
            return;
        }
        double server = after.serverCpuSeconds() - before.serverCpuSeconds();
        put(Metric.SERVER_CORES, server / seconds);
        put(Metric.RSS, after.serverRssBytes() / 1e6);
        if (bytes > 0) {
            put(Metric.SERVER_CPU, server / gigabytes);
        }
    }

    /** How many bytes were written for each byte of payload and replica between two snapshots. */
    void written(Snapshot before, Snapshot after, long bytes) {
        int replicas = running.pids().size();
        if (bytes <= 0 || replicas == 0) {
            return;
        }
        put(Metric.WRITTEN, (double) (after.serverWrittenBytes() - before.serverWrittenBytes()) / bytes / replicas);
        if (before.disk().isPresent() && after.disk().isPresent()) {
            Disk.Sample from = before.disk().get();
            Disk.Sample to = after.disk().get();
            put(Metric.DEVICE, (double) (to.writtenBytes() - from.writtenBytes()) / bytes / replicas);
            put(Metric.FLUSHES, (to.flushes() - from.flushes()) / ((after.nanos() - before.nanos()) / 1e9));
        }
    }

    /** Compares what was acknowledged with what the topics hold. */
    void checkNothingLost(Tallies tallies, List<String> topics) throws Exception {
        long recorded = running.count(topics);
        put(Metric.LOST, Math.max(0, tallies.events() - recorded));
        if (recorded > tallies.events() + tallies.failures()) {
            put(Metric.DUPLICATES, recorded - tallies.events() - tallies.failures());
        }
    }

    Row row(String workload) throws Exception {
        return row(workload, STEP_MS);
    }

    Row row(String workload, int stepMs) throws Exception {
        long elections = running.elections();
        if (elections >= 0) {
            put(Metric.ELECTIONS, elections);
        }
        return new Row(
                session.system().name(),
                session.system().acknowledgement(),
                workload,
                session.repeat(),
                values,
                timeline,
                stepMs,
                String.join("; ", notes));
    }

    /** The largest live heap of the nodes. */
    void heap() throws IOException, InterruptedException {
        Heap.mostLiveBytes(running.pids()).ifPresent(bytes -> put(Metric.HEAP, bytes / 1e6));
    }

    private void run(Tallies tallies, long startNs, Duration from, Duration to) throws IOException {
        for (long ms = from.toMillis(); ms < to.toMillis(); ms += STEP_MS) {
            long before = tallies.events();
            Pause.until(startNs + Math.min(ms + STEP_MS, to.toMillis()) * 1_000_000);
            timeline.add(tallies.events() - before);
            if (Files.getFileStore(settings.directory()).getUsableSpace() < DISK_RESERVE_BYTES) {
                throw new IOException("The disk below " + settings.directory()
                        + " is nearly full: measure for a shorter time, or elsewhere with --dir.");
            }
        }
    }

    /** What failed, if anything did. */
    void outcome(Tallies tallies) {
        put(Metric.FAILURES, tallies.failures());
        @Nullable Throwable failure = tallies.firstFailure().orElse(null);
        if (failure != null) {
            note("failed: " + failure);
        }
    }

    /** When the load first did 80 % of what it did in the end, taken over three seconds. */
    private void warmUp(List<Long> steps) {
        double warm = values.getOrDefault(Metric.RATE, 0.0) * STEP_MS / 1000;
        for (int i = 0; i + 3 <= steps.size(); i++) {
            long three = steps.get(i) + steps.get(i + 1) + steps.get(i + 2);
            if (three / 3.0 >= 0.8 * warm) {
                put(Metric.WARM_SECONDS, (i + 3) * STEP_MS / 1000.0);
                return;
            }
        }
    }

    private void sinceStart(long loadNs) {
        Double seconds = values.get(Metric.WARM_SECONDS);
        if (seconds != null) {
            put(Metric.SINCE_START, seconds + (loadNs - session.startedNs()) / 1e9);
        }
    }
}
