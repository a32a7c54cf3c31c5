package io.eckermann.bench.workload;

import io.eckermann.bench.report.Row;
import java.util.List;

/** One thing to measure. */
interface Workload {
    /** As in tables, such as A-random-8. */
    String name();

    /** What it does, in one line. */
    String description();

    /** What it may share a started system with. */
    Kind kind();

    /** Whether it leaves the system unfit for another workload. */
    default boolean breaksTheSystem() {
        return false;
    }

    /** About how long it takes besides warming and measuring once, in seconds. */
    default int extraSeconds() {
        return 3;
    }

    /** Runs it on a system that takes writes; returns one row or more. */
    List<Row> run(Session session) throws Exception;
}
