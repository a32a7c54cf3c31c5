package io.eckermann.gateway;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The executors that use cases need, gone when closed. */
public final class Threads implements AutoCloseable {
    public final ExecutorService reads = Executors.newFixedThreadPool(2);
    public final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    public boolean stopped() {
        return reads.isTerminated() && timer.isTerminated();
    }

    @Override
    public void close() {
        reads.shutdownNow();
        timer.shutdownNow();
    }
}
