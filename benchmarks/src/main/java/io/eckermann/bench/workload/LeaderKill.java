package io.eckermann.bench.workload;

import io.eckermann.bench.load.Ledger;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.SynchronousLoad;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.ReadForm;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Workload F: kill -9 of the leader under C. How long nothing is acknowledged, and whether what was is still there. */
record LeaderKill(String name, String description, int producers, Supplier<Payloads> payloads) implements Workload {
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(20);

    @Override
    public List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings)
            throws Exception {
        String topic = settings.topic(0);
        running.createTopics(List.of(topic));
        Trial trial = new Trial(system, running, settings);
        Ledger ledger = new Ledger(producers);
        try (Connections connections = new Connections(running, Tuning.LATENCY)) {
            List<Sender> senders = connections.spread(producers, List.of(topic)).stream()
                    .flatMap(List::stream)
                    .toList();
            SynchronousLoad load = new SynchronousLoad(senders, payloads.get(), ledger);
            load.start();
            long killNs;
            try {
                Pause.until(System.nanoTime() + settings.warm().plus(BEFORE).toNanos());
                int leader = running.leaderOf(topic);
                killNs = System.nanoTime();
                running.kill(leader);
                Pause.until(killNs + AFTER.toNanos());
            } finally {
                load.stop();
            }
            trial.put(Metric.FAILURES, load.tallies().failures());
            trial.latency(load.tallies().takeLatencyNs());
            trial.put(Metric.EVENTS, ledger.acknowledged());
            AckGaps gaps = new AckGaps(ledger.acknowledgedNs());
            trial.put(Metric.NO_ACK, gaps.longestNs(killNs, killNs + AFTER.toNanos()) / 1e6);
            trial.timeline().addAll(gaps.perStep(killNs - BEFORE.toNanos(), killNs + AFTER.toNanos(), AckGaps.STEP_MS));
            connections
                    .connect()
                    .read(
                            topic,
                            ReadForm.EVENTS,
                            running.count(topic),
                            (events, payload) -> ledger.read(payloads.get(), payload));
        }
        trial.put(Metric.LOST, ledger.lost() + ledger.foreign());
        trial.put(Metric.DUPLICATES, ledger.duplicates());
        trial.note("killed " + BEFORE.toSeconds() + " s after the timeline's begin");
        return List.of(trial.row(name, repeat, AckGaps.STEP_MS));
    }
}
