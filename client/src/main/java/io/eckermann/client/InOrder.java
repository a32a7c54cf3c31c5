package io.eckermann.client;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other, in the order they came, on an executor's threads. Thread safe. */
final class InOrder implements Executor {
    private final Executor workers;
    /** Guarded by itself, as is running. */
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private boolean running;

    /** Whose turn it is to run them, if anybody's. */
    private volatile @Nullable Thread runner;

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
        runner = Thread.currentThread();
        try {
            for (Runnable task = next(); task != null; task = next()) {
                task.run();
            }
            thrown = false;
        } finally {
            if (thrown) {
                runner = null;
                // What it threw is the executor's to report; those behind it run all the same.
                workers.execute(this::run);
            }
        }
    }

    /** Completes when these have, behind the tasks that have come by then: what they were due to tell is told first. */
    CompletableFuture<Void> behind(Stream<CompletableFuture<Void>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenCompose(done -> CompletableFuture.runAsync(() -> {}, this));
    }

    /** Whether it is within a task that this is called. */
    boolean isRunning() {
        return runner == Thread.currentThread();
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            running = task != null;
            if (!running) {
                runner = null;
            }
            return task;
        }
    }
}
