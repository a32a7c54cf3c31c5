package io.eckermann.bench.workload;

import io.eckermann.bench.load.Fill;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.Tally;
import io.eckermann.bench.machine.PageCache;
import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.EventSink;
import io.eckermann.bench.system.ReadForm;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Workload D: reads a topic from its first event to its last, from the disk and from memory, in each form. */
record CatchUpRead(String name, String description, Supplier<Payloads> payloads) implements Workload {
    private static final int FILLERS = 16;

    @Override
    public List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings)
            throws Exception {
        String topic = settings.topic(0);
        running.createTopics(List.of(topic));
        Payloads pool = payloads.get();
        try (Connections connections = new Connections(running, Tuning.THROUGHPUT)) {
            int window = settings.windowBytes() / pool.at(0).length;
            Fill.with(connections.spread(FILLERS, List.of(topic)), pool, window, settings.readBytes());
        }
        List<Row> rows = new ArrayList<>();
        try (Connections connections = new Connections(running, Tuning.THROUGHPUT)) {
            Connection connection = connections.connect();
            for (ReadForm form : ReadForm.values()) {
                if (connection.reads(form)) {
                    Reading reading = new Reading(connection, topic, form, running.count(topic), pool);
                    rows.addAll(measure(system, running, repeat, settings, reading));
                }
            }
        }
        return rows;
    }

    /** One form of one topic's events. */
    private record Reading(Connection connection, String topic, ReadForm form, long events, Payloads pool) {
        /** Reads all of them once; with a check of each where they come as events. Returns how many were damaged. */
        long read(boolean checks) throws Exception {
            LongAdder damaged = new LongAdder();
            Tally tally = new Tally();
            EventSink counting = (events, payload) -> tally.count(events, payload.remaining());
            EventSink checking = (events, payload) -> {
                tally.count(events, payload.remaining());
                if (!pool.contains(payload)) {
                    damaged.increment();
                }
            };
            connection.read(topic, form, events, checks && form == ReadForm.EVENTS ? checking : counting);
            return damaged.sum() + Math.max(0, events - tally.events());
        }

        long bytes() {
            return events * pool.at(0).length;
        }
    }

    private List<Row> measure(
            SystemUnderTest system, RunningSystem running, int repeat, Settings settings, Reading reading)
            throws Exception {
        String label = name + "-" + reading.form().label();
        long lost = reading.read(true);
        long warmUntil = System.nanoTime() + settings.warm().toNanos();
        while (System.nanoTime() < warmUntil) {
            lost += reading.read(false);
        }
        List<Row> rows = new ArrayList<>();
        Trial warm = new Trial(system, running, settings);
        warm.put(Metric.LOST, lost + passes(warm, running, settings, reading));
        warm.heap();
        rows.add(warm.row(label + "-warm", repeat));

        Trial cold = new Trial(system, running, settings);
        if (PageCache.drop()) {
            Snapshot before = Snapshot.take(running.pids(), cold.disk());
            cold.put(Metric.LOST, reading.read(false));
            cold.count(before, Snapshot.take(running.pids(), cold.disk()), reading.events(), reading.bytes());
        } else {
            cold.note("not measured: only root may empty the page cache");
        }
        rows.add(cold.row(label + "-cold", repeat));
        return rows;
    }

    /** Reads all, again and again, for as long as is to be measured, once at least. */
    private static long passes(Trial trial, RunningSystem running, Settings settings, Reading reading)
            throws Exception {
        Snapshot before = Snapshot.take(running.pids(), trial.disk());
        long end = before.nanos() + settings.measure().toNanos();
        long lost = 0;
        long passes = 0;
        do {
            lost += reading.read(false);
            passes++;
        } while (System.nanoTime() < end);
        Snapshot after = Snapshot.take(running.pids(), trial.disk());
        trial.count(before, after, passes * reading.events(), passes * reading.bytes());
        return lost;
    }
}
