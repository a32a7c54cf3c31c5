package io.eckermann.client.cli;

import io.eckermann.client.Appender;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Appends events one by one, pipelined, and watches when they are acknowledged. */
final class DemoAppend {
    private final Appender appender;
    private final Runnable onEach;
    private final long startedNs = System.nanoTime();

    /** Guarded by this, as are the fields below: the answers come on a client thread. */
    private int acknowledged;

    private long lastNs = startedNs;
    private long longestPauseNs;
    private @Nullable Throwable failed;

    DemoAppend(EventStore store, String topic, Runnable onEach) {
        this.appender = store.appender(topic);
        this.onEach = onEach;
    }

    void send(List<Event> events) {
        for (Event event : events) {
            CompletableFuture<Void> unused = appender.append(event).handle((position, thrown) -> {
                answered(thrown);
                return null;
            });
        }
    }

    /** Waits for all answers; throws when one was a refusal. */
    void finish() {
        appender.close();
        synchronized (this) {
            if (failed != null) {
                throw new CompletionException(failed);
            }
        }
    }

    synchronized int acknowledged() {
        return acknowledged;
    }

    /** From the start to the last answer. */
    synchronized double seconds() {
        return (lastNs - startedNs) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    synchronized double longestPauseSeconds() {
        return longestPauseNs / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private synchronized void answered(@Nullable Throwable thrown) {
        long now = System.nanoTime();
        longestPauseNs = Math.max(longestPauseNs, now - lastNs);
        lastNs = now;
        if (thrown != null) {
            failed = failed == null ? thrown : failed;
            return;
        }
        acknowledged++;
        onEach.run();
    }
}
