package io.eckermann.bench.workload;

import io.eckermann.bench.machine.Snapshot;
import io.eckermann.bench.report.Row;
import java.util.List;

/** Workload I: nobody does anything. */
record Idle(String name, String description) implements Workload {
    @Override
    public Kind kind() {
        return Kind.ALONE;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        Trial trial = new Trial(session);
        Pause.until(System.nanoTime() + session.warm().toNanos());
        Snapshot before = trial.snapshot();
        Pause.until(before.nanos() + session.settings().measure().toNanos());
        trial.count(before, trial.snapshot(), 0, 0);
        trial.heap();
        return List.of(trial.row(name));
    }
}
