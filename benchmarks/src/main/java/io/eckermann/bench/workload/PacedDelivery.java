package io.eckermann.bench.workload;

import io.eckermann.bench.load.PacedLoad;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Following;
import io.eckermann.bench.system.Tuning;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Workload E: a steady rate, and how long after its intended time each event reaches a tailing reader. */
record PacedDelivery(String name, String description, int perSecond, Tuning tuning, Supplier<Payloads> payloads)
        implements Workload {
    private static final long DELIVERY_PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    @Override
    public Kind kind() {
        return Kind.SINGLE;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        String topic = session.newTopics(1).get(0);
        Trial trial = new Trial(session);
        try (Connections connections = new Connections(session.running(), tuning)) {
            PacedLoad load = new PacedLoad(connections.connect().sender(topic), payloads.get(), perSecond);
            Following reader = connections.connect().tail(topic, load.sink());
            try {
                trial.measure(load);
                load.awaitDelivery(DELIVERY_PATIENCE_NS);
            } finally {
                reader.close();
            }
            trial.put(
                    Metric.LOST,
                    Math.max(0, load.acknowledged() - load.tallies().events()) + load.damaged());
            if (load.outOfOrder() > 0) {
                trial.note(load.outOfOrder() + " events out of order");
            }
        }
        trial.heap();
        return List.of(trial.row(name));
    }
}
