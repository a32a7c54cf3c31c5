package io.eckermann.bench.workload;

import io.eckermann.bench.load.Load;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.load.PipelinedLoad;
import io.eckermann.bench.load.SynchronousLoad;
import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Workloads A, A100, B, C and C1: nothing but appends.
 *
 * @param producers one thread each
 * @param shape how they send
 */
record Append(String name, String description, int topics, int producers, Shape shape, Supplier<Payloads> payloads)
        implements Workload {
    /** How producers send, and over what. */
    enum Shape {
        /** A client each; sends on while earlier events are under way. */
        PIPELINED,
        /** A client each; waits for every acknowledgement. */
        SYNCHRONOUS,
        /** One client for all; each waits for every acknowledgement. */
        SYNCHRONOUS_SHARED
    }

    @Override
    public List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings)
            throws Exception {
        List<String> names =
                IntStream.range(0, topics).mapToObj(settings::topic).toList();
        running.createTopics(names);
        Trial trial = new Trial(system, running, settings);
        Tuning tuning = shape == Shape.PIPELINED ? Tuning.THROUGHPUT : Tuning.LATENCY;
        try (Connections connections = new Connections(running, tuning)) {
            Load load = load(connections, names, settings);
            Snapshot before = Snapshot.take(running.pids(), trial.disk());
            trial.measure(load);
            trial.written(
                    before,
                    Snapshot.take(running.pids(), trial.disk()),
                    load.tallies().bytes());
            trial.checkNothingLost(load.tallies(), names);
        }
        trial.heap();
        return List.of(trial.row(name, repeat));
    }

    private Load load(Connections connections, List<String> names, Settings settings) throws Exception {
        Payloads pool = payloads.get();
        if (shape == Shape.PIPELINED) {
            int window = Math.max(1, settings.windowBytes() / pool.at(0).length);
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
