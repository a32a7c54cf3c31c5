package io.eckermann.bench.system;

/** What a client is set for, where a system has settings that trade one for the other. */
public enum Tuning {
    /** Many events a second: large batches, and a short wait for them to fill. */
    THROUGHPUT,
    /** Each event at once. */
    LATENCY,
    /** Small batches with the short wait. */
    LINGER
}
