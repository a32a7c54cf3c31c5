package io.eckermann.bench.system;

import java.nio.file.Path;

/** A system that can be measured: how to start it, and what its acknowledgement means. */
public interface SystemUnderTest {
    /** As given on the command line and shown in tables. */
    String name();

    /** What is true of an event when its producer gets the acknowledgement, in a few words. */
    String acknowledgement();

    /** Whether the workload of this name makes sense here. */
    default boolean supports(String workload) {
        return true;
    }

    /**
     * Starts it afresh and waits until it takes writes.
     *
     * @param directory empty; everything it stores goes there, and the caller deletes it
     */
    RunningSystem start(Path directory) throws Exception;
}
