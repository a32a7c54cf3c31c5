package io.eckermann.chaos.nemesis;

import java.util.concurrent.atomic.AtomicBoolean;

/** Something that a fault does again and again, on a thread of its own, until it is healed or a step of it fails. */
final class Meanwhile {
    /** One time of it; it waits by itself until the next. */
    @FunctionalInterface
    interface Step {
        void once() throws Exception;
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;
    private volatile String failure = "";

    private Meanwhile(String name, Step step) {
        thread = new Thread(() -> run(step), name);
        thread.setDaemon(true);
    }

    static Meanwhile repeat(String name, Step step) {
        Meanwhile meanwhile = new Meanwhile(name, step);
        meanwhile.thread.start();
        return meanwhile;
    }

    private void run(Step step) {
        try {
            while (!over.get()) {
                step.once();
            }
        } catch (Exception e) {
            failure = e.toString();
        }
    }

    /** Ends it; returns when its last step is done. */
    void end() throws InterruptedException {
        over.set(true);
        thread.join();
    }

    /** Why it ended by itself; empty when it did not. */
    String failure() {
        return failure;
    }
}
