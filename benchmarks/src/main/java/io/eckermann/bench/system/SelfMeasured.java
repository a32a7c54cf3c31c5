package io.eckermann.bench.system;

import io.eckermann.bench.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What lies below all systems, or part of one: it has no clients and measures itself. */
public interface SelfMeasured extends Measured {
    /** The workload that asks for nothing but limits. */
    String LIMITS = "L";

    /**
     * How long things take.
     *
     * @param warm for how long the first of them runs before it is measured; nothing, where there is nothing to warm
     * @param next for how long each further one does
     * @param measure how long it is measured
     */
    record Times(Duration warm, Duration next, Duration measure) {}

    /**
     * Measures some workloads, one after the other.
     *
     * @param workloads that it {@linkplain #supports supports}, all of one kind
     * @param directory empty; the caller deletes it
     */
    List<Row> measure(List<String> workloads, int repeat, Path directory, Times times) throws Exception;
}
