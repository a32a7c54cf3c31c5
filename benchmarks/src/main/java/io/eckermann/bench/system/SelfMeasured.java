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
     * Measures it.
     *
     * @param workload one that it {@linkplain #supports supports}
     * @param directory empty; the caller deletes it
     * @param warm for how long it runs before; may be less where there is nothing to warm
     */
    List<Row> measure(String workload, int repeat, Path directory, Duration warm, Duration measure) throws Exception;
}
