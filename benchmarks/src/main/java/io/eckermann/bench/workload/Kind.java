package io.eckermann.bench.workload;

/** Loads that warm the same code: workloads of one kind may be measured one after the other on one started system. */
enum Kind {
    /** Producers that send on while earlier events are under way. */
    PIPELINED,
    /** Single events, each waited for or sent by the clock. */
    SINGLE,
    /** Reading from the first event on. */
    READING,
    /** Must have a system of its own, whatever came before. */
    ALONE
}
