package io.eckermann.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other, in the order they came, on an executor's threads. Thread safe. */
final class InOrder implements Executor {
    private final Executor workers;
    /** Guarded by itself, as is running. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private boolean running;

    InOrder(Executor workers) {
        this.workers = workers;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        workers.execute(this::run);
    }

    private void run() {
        boolean thrown = true;
        try {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
            thrown = false;
        } finally {
            if (thrown) {
                // What it threw is the executor's to report; those behind it run all the same.
                workers.execute(this::run);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            running = task != null;
            return task;
        }
    }
}
