package io.eckermann.bench.workload;

import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SystemUnderTest;
import java.util.List;

/** One thing to measure. */
interface Workload {
    /** As in tables, such as A-random-8. */
    String name();

    /** What it does, in one line. */
    String description();

    /** Runs it on a system that was started for it and is empty; returns one row or more. */
    List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings) throws Exception;
}
