package io.eckermann.bench.workload;

import io.eckermann.bench.load.Fill;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import java.util.List;
import java.util.function.Supplier;

/** A part of workload H: another workload, on a system that has stored much before. */
record Stored(String name, int gigabytes, Workload then, Supplier<Payloads> payloads) implements Workload {
    private static final int FILLERS = 16;

    @Override
    public String description() {
        return then.description() + ", with " + gigabytes + " GB stored before";
    }

    @Override
    public List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings)
            throws Exception {
        if (gigabytes > 0) {
            String topic = settings.topic(-1);
            running.createTopics(List.of(topic));
            Payloads pool = payloads.get();
            int window = settings.windowBytes() / pool.at(0).length;
            try (Connections connections = new Connections(running, Tuning.THROUGHPUT)) {
                Fill.with(connections.spread(FILLERS, List.of(topic)), pool, window, gigabytes * 1_000_000_000L);
            }
        }
        return then.run(system, running, repeat, settings);
    }
}
