package io.eckermann.bench.system;

import java.nio.file.Path;

/** A system that can be put under load: how to start it, and what its acknowledgement means. */
public interface SystemUnderTest extends Measured {
    /** The workload of events with tags and conditions. */
    String BOOKINGS = "G";

    @Override
    default boolean supports(String workload) {
        return !workload.equals(SelfMeasured.LIMITS) && !workload.equals(BOOKINGS);
    }

    /**
     * Starts it afresh and waits until it takes writes.
     *
     * @param directory empty; everything it stores goes there, and the caller deletes it
     */
    RunningSystem start(Path directory) throws Exception;
}
