package io.eckermann.raftlog.ratis;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The threads of this package, named, and ended in an orderly way. */
final class Threads {
    private static final long STOP_SECONDS = 10;

    private Threads() {}

    static ExecutorService single(String name) {
        return Executors.newSingleThreadExecutor(named(name));
    }

    static ScheduledExecutorService timer(String name) {
        return Executors.newSingleThreadScheduledExecutor(named(name));
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Waits, however long that takes, until it has finished what it has; never interrupts it.
     *
     * @param isStuck whether not to wait any longer, asked after a while and then again and again
     */
    static void finish(ExecutorService executor, BooleanSupplier isStuck) {
        executor.shutdown();
        boolean interrupted = false;
        boolean wait = true;
        while (wait) {
            try {
                wait = !executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS) && !isStuck.getAsBoolean();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets it finish what it has, for a while; then interrupts it. */
    static void stop(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
