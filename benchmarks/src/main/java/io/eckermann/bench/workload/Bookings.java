package io.eckermann.bench.workload;

import io.eckermann.bench.load.Fill;
import io.eckermann.bench.load.Load;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.SynchronousLoad;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Guard;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Workload G: what a condition costs. Synchronous producers append events with a type and two tags to one topic, with and
 * without a condition by query, when nothing is stored and when the topic holds much.
 */
record Bookings(String name, Supplier<Payloads> payloads) implements Workload {
    private static final int[] CLIENTS = {1, 64, 256};
    private static final int FILLERS = 16;
    private static final int FILL_WINDOW = 2_000;

    @Override
    public String description() {
        return "1, 64, 256 synchronous producers, events with tags, plain and under conditions (--stored-events)";
    }

    @Override
    public Kind kind() {
        return Kind.ALONE;
    }

    @Override
    public int extraSeconds() {
        return 200;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        List<String> topic = session.newTopics(1);
        TreeSet<Long> levels = new TreeSet<>(session.settings().storedEvents());
        levels.add(0L);
        List<Row> rows = new ArrayList<>();
        for (long level : levels) {
            fill(session, topic, level);
            for (int clients : CLIENTS) {
                for (Guard guard : Guard.values()) {
                    String label = name + "-" + level + "-" + clients + "-"
                            + guard.name().toLowerCase(Locale.ROOT);
                    rows.add(measure(session, topic, clients, guard, label).with(Metric.STORED, (double) level));
                }
            }
        }
        return rows;
    }

    private Row measure(Session session, List<String> topic, int clients, Guard guard, String label) throws Exception {
        Trial trial = new Trial(session);
        long before = session.stored();
        try (Connections connections = new Connections(session.running(), Tuning.LATENCY)) {
            Load load = new SynchronousLoad(senders(connections, topic.get(0), clients, guard), payloads.get(), null);
            trial.measure(load);
            long recorded = session.stored() - before;
            trial.put(Metric.LOST, Math.max(0, load.tallies().events() - recorded));
        }
        return trial.row(label);
    }

    /** Stores until the topic holds so many events. */
    private void fill(Session session, List<String> topic, long events) throws Exception {
        long missing = events - session.stored();
        if (missing > 0) {
            Payloads pool = payloads.get();
            long startNs = System.nanoTime();
            try (Connections connections = new Connections(session.running(), Tuning.THROUGHPUT)) {
                List<List<Sender>> producers = senders(connections, topic.get(0), FILLERS, Guard.NONE).stream()
                        .map(List::of)
                        .toList();
                Fill.with(producers, pool, FILL_WINDOW, missing * pool.at(0).length);
            }
            session.loaded(System.nanoTime() - startNs);
        }
    }

    private static List<Sender> senders(Connections connections, String topic, int clients, Guard guard)
            throws Exception {
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            senders.add(connections.connect().bookings(topic, guard, i));
        }
        return senders;
    }
}
