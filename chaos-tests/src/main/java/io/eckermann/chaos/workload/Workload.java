package io.eckermann.chaos.workload;

import io.eckermann.client.EventStore;
import java.util.List;

/** One kind of use, by several threads at once. */
public interface Workload {
    /** What one thread does, again and again. Runs on that thread. */
    @FunctionalInterface
    interface Turn {
        /** Does one thing; it may take as long as calls take. */
        void take(Caller caller) throws Exception;
    }

    /** Its number and name, e.g. "W1 register". */
    String name();

    /** Makes what it needs, before anything breaks. */
    void prepare(EventStore store) throws Exception;

    /** One for each thread. */
    List<Turn> turns();

    /** When nothing breaks any more: brings to an end what must have one. */
    default void drain(Caller caller) throws Exception {}

    /** The topics whose events every node is asked for at the end. */
    List<String> topics();
}
