package io.eckermann.bench.workload;

import io.eckermann.bench.load.Load;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.PipelinedLoad;
import io.eckermann.bench.load.SynchronousLoad;
import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Workloads A, A100, B, C, C1 and W: nothing but appends.
 *
 * @param producers one thread each
 * @param shape how they send
 */
record Append(
        String name, String description, Kind kind, int topics, int producers, Shape shape, Supplier<Payloads> payloads)
        implements Workload {
    /** How producers send, and over what. */
    enum Shape {
        /** A client each; sends on while earlier events are under way. */
        PIPELINED,
        /** The same, with a curve that begins when the system's processes were started. */
        FROM_THE_START,
        /** A client each; waits for every acknowledgement. */
        SYNCHRONOUS,
        /** One client for all; each waits for every acknowledgement. */
        SYNCHRONOUS_SHARED;

        boolean isPipelined() {
            return this == PIPELINED || this == FROM_THE_START;
        }
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        return List.of(run(session, name));
    }

    /** The same with another name on its row. */
    Row run(Session session, String label) throws Exception {
        List<String> names = session.newTopics(topics);
        Trial trial = new Trial(session);
        Tuning tuning = shape.isPipelined() ? Tuning.THROUGHPUT : Tuning.LATENCY;
        try (Connections connections = new Connections(session.running(), tuning)) {
            Load load = load(connections, names, session.settings().windowBytes());
            Snapshot before = trial.snapshot();
            if (shape == Shape.FROM_THE_START) {
                trial.beginCurveAtStart();
            }
            trial.measure(load);
            trial.written(before, trial.snapshot(), load.tallies().bytes());
            trial.checkNothingLost(load.tallies(), names);
        }
        trial.heap();
        return trial.row(label);
    }

    private Load load(Connections connections, List<String> names, int windowBytes) throws Exception {
        Payloads pool = payloads.get();
        if (shape.isPipelined()) {
            int window = Math.max(1, windowBytes / pool.at(0).length);
            return new PipelinedLoad(connections.spread(producers, names), pool, window);
        }
        List<Sender> senders = new ArrayList<>();
        if (shape == Shape.SYNCHRONOUS_SHARED) {
            Connection shared = connections.connect();
            for (int i = 0; i < producers; i++) {
                senders.add(shared.sender(names.get(i % names.size())));
            }
        } else {
            connections.spread(producers, names).forEach(senders::addAll);
        }
        return new SynchronousLoad(senders, pool, null);
    }
}
