package io.eckermann.bench.workload;

import io.eckermann.bench.load.Ledger;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.SynchronousLoad;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.ReadForm;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Workload F: kill -9 of the leader under C. How long nothing is acknowledged, and whether what was is still there. */
record LeaderKill(String name, String description, int producers, Supplier<Payloads> payloads) implements Workload {
    private static final Duration BEFORE = Duration.ofSeconds(5);
    private static final Duration AFTER = Duration.ofSeconds(20);

    @Override
    public Kind kind() {
        return Kind.SINGLE;
    }

    @Override
    public boolean breaksTheSystem() {
        return true;
    }

    @Override
    public int extraSeconds() {
        return 15;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        RunningSystem running = session.running();
        String topic = session.newTopics(1).get(0);
        Trial trial = new Trial(session);
        Ledger ledger = new Ledger(producers);
        try (Connections connections = new Connections(running, Tuning.LATENCY)) {
            List<Sender> senders = connections.spread(producers, List.of(topic)).stream()
                    .flatMap(List::stream)
                    .toList();
            SynchronousLoad load = new SynchronousLoad(senders, payloads.get(), ledger);
            Duration before = session.warm().compareTo(BEFORE) > 0 ? session.warm() : BEFORE;
            trial.warmed(before);
            load.start();
            long killNs;
            try {
                Pause.until(System.nanoTime() + before.toNanos());
                int leader = running.leaderOf(topic);
                killNs = System.nanoTime();
                running.kill(leader);
                Pause.until(killNs + AFTER.toNanos());
            } finally {
                load.stop();
            }
            trial.outcome(load.tallies());
            trial.latency(load.tallies().takeLatencyNs());
            trial.put(Metric.EVENTS, ledger.acknowledged());
            AckGaps gaps = new AckGaps(ledger.acknowledgedNs());
            trial.put(Metric.NO_ACK, gaps.longestNs(killNs, killNs + AFTER.toNanos()) / 1e6);
            trial.timeline().addAll(gaps.perStep(killNs - BEFORE.toNanos(), killNs + AFTER.toNanos(), AckGaps.STEP_MS));
            readBack(connections, running, topic, ledger);
        }
        trial.put(Metric.LOST, ledger.lost() + ledger.foreign());
        trial.put(Metric.DUPLICATES, ledger.duplicates());
        trial.note("killed " + BEFORE.toSeconds() + " s after the curve's begin");
        return List.of(trial.row(name, AckGaps.STEP_MS));
    }

    private void readBack(Connections connections, RunningSystem running, String topic, Ledger ledger)
            throws Exception {
        connections
                .connect()
                .read(
                        topic,
                        ReadForm.EVENTS,
                        running.count(topic),
                        (events, payload) -> ledger.read(payloads.get(), payload));
    }
}
