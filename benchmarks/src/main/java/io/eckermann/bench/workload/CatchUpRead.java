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
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Workload D: reads a topic from its first event to its last, from the disk and from memory, in each form. */
record CatchUpRead(String name, String description, Supplier<Payloads> payloads) implements Workload {
    private static final int FILLERS = 16;

    @Override
    public Kind kind() {
        return Kind.READING;
    }

    @Override
    public int extraSeconds() {
        return 40;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        String topic = filledTopic(session);
        List<Row> rows = new ArrayList<>();
        try (Connections connections = new Connections(session.running(), Tuning.THROUGHPUT)) {
            Connection connection = connections.connect();
            for (ReadForm form : ReadForm.values()) {
                if (connection.reads(form)) {
                    Reading reading = reading(session, connection, topic, form);
                    rows.add(warm(session, reading, name + "-" + form.label() + "-warm"));
                    rows.add(cold(session, reading, name + "-" + form.label() + "-cold"));
                }
            }
        }
        return rows;
    }

    /** One row: a topic filled just now, in the form that costs least, from memory. */
    Row runOnce(Session session, String label) throws Exception {
        String topic = filledTopic(session);
        try (Connections connections = new Connections(session.running(), Tuning.THROUGHPUT)) {
            Connection connection = connections.connect();
            ReadForm form = connection.reads(ReadForm.CHUNKS) ? ReadForm.CHUNKS : ReadForm.EVENTS;
            return warm(session, reading(session, connection, topic, form), label);
        }
    }

    private String filledTopic(Session session) throws Exception {
        List<String> topics = session.newTopics(1);
        Payloads pool = payloads.get();
        int window = session.settings().windowBytes() / pool.at(0).length;
        try (Connections connections = new Connections(session.running(), Tuning.THROUGHPUT)) {
            Fill.with(
                    connections.spread(FILLERS, topics),
                    pool,
                    window,
                    session.settings().readBytes());
        }
        return topics.get(0);
    }

    private Reading reading(Session session, Connection connection, String topic, ReadForm form) throws Exception {
        return new Reading(connection, topic, form, session.running().count(topic), payloads.get());
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

    private static Row warm(Session session, Reading reading, String label) throws Exception {
        Trial trial = new Trial(session);
        long startNs = System.nanoTime();
        long warmUntil = startNs + session.warm().toNanos();
        long lost = reading.read(true);
        while (System.nanoTime() < warmUntil) {
            lost += reading.read(false);
        }
        trial.warmedNs(System.nanoTime() - startNs);
        trial.put(Metric.LOST, lost + passes(session, trial, reading));
        session.loaded(System.nanoTime() - startNs);
        trial.heap();
        return trial.row(label);
    }

    private static Row cold(Session session, Reading reading, String label) throws Exception {
        Trial trial = new Trial(session);
        if (PageCache.drop(session.settings().directory())) {
            trial.warmedNs(0);
            Snapshot before = trial.snapshot();
            trial.put(Metric.LOST, reading.read(false));
            trial.count(before, trial.snapshot(), reading.events(), reading.bytes());
        } else {
            trial.note("not measured: the page cache could not be emptied");
        }
        return trial.row(label);
    }

    /** Reads all, again and again, for as long as is to be measured, once at least. */
    private static long passes(Session session, Trial trial, Reading reading) throws Exception {
        Snapshot before = trial.snapshot();
        long end = before.nanos() + session.settings().measure().toNanos();
        long lost = 0;
        long passes = 0;
        do {
            lost += reading.read(false);
            passes++;
        } while (System.nanoTime() < end);
        trial.count(before, trial.snapshot(), passes * reading.events(), passes * reading.bytes());
        return lost;
    }
}
