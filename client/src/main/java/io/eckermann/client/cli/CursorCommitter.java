package io.eckermann.client.cli;

import io.eckermann.client.EventStore;
import java.util.concurrent.TimeUnit;

/**
 * Commits a consumer's cursor behind the events it has written, at the latest after a second or when the process is
 * interrupted. Used by one thread, and by the one that ends the process.
 */
final class CursorCommitter implements AutoCloseable {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventStore store;
    private final String consumer;
    private final String topic;
    private final Thread atExit = new Thread(this::commit, "commit the cursor at exit");

    /** Guarded by this, as are the fields below. */
    private long done;

    private long committed;
    private long committedAtNs = System.nanoTime();

    /** @param consumer empty to commit nothing */
    CursorCommitter(EventStore store, String consumer, String topic) {
        this.store = store;
        this.consumer = consumer;
        this.topic = topic;
        if (!consumer.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(atExit);
        }
    }

    /** The event at this position and all before are done with. */
    synchronized void done(long position) {
        done = position;
        if (System.nanoTime() - committedAtNs > INTERVAL_NS) {
            commit();
        }
    }

    synchronized void commit() {
        if (!consumer.isEmpty() && done > committed) {
            store.cursors().commit(consumer, topic, done).join();
            committed = done;
            committedAtNs = System.nanoTime();
        }
    }

    @Override
    public void close() {
        if (!consumer.isEmpty()) {
            commit();
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process ends already.
        }
    }
}
