package io.eckermann.chaos;

import io.eckermann.client.Consistency;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Requests of all kinds, one after the other, until it is closed: which of them failed, and how long appends took. */
final class Requests implements AutoCloseable {
    private static final long PAUSE_NS = 2_000_000;

    private final EventStore store;
    private final String topic;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread appends;
    private final Thread others;

    private final AckTimes acknowledged = new AckTimes();

    /** Of the thread that appends, until it has ended. */
    private final List<Long> tookNs = new ArrayList<>();

    private volatile boolean stopping;

    Requests(EventStore store, String topic) {
        this.store = store;
        this.topic = topic;
        this.appends = started("appends", this::append);
        this.others = started("requests", this::request);
    }

    private Thread started(String name, Runnable one) {
        Thread thread = new Thread(
                () -> {
                    while (!stopping) {
                        try {
                            one.run();
                        } catch (CompletionException | IllegalStateException e) {
                            failures.add(name + ": " + e);
                        }
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void append() {
        long startNs = System.nanoTime();
        store.append(topic, Event.of("r1 " + (tookNs.size() + 1) + " ")).join();
        long endNs = System.nanoTime();
        tookNs.add(endNs - startNs);
        acknowledged.note(endNs);
    }

    private void request() {
        long head = store.topics().head(topic, Consistency.LINEARIZABLE).join().head();
        if (head == 0) {
            return;
        }
        store.cursors().commit("requests", topic, head).join();
        store.cursors().get("requests", topic).join();
        store.topics().get(topic).join();
        try (var events =
                store.open(topic, ReadOptions.builder().from(head).limit(1).build())) {
            events.forEachRemaining(event -> {});
        }
    }

    /** When appends were acknowledged. */
    AckTimes acknowledged() {
        return acknowledged;
    }

    /** Waits until some more are. */
    void awaitProgress() throws Exception {
        int before = acknowledged.count();
        Await.until("single appends are acknowledged", () -> acknowledged.count() > before + 2);
    }

    /** Ends; waits for what is under way. */
    void finish() throws InterruptedException {
        stopping = true;
        appends.join();
        others.join();
    }

    List<String> failures() {
        return failures;
    }

    /** How long an append took at most, of so many of a thousand. */
    long tookMs(int perMille) {
        List<Long> sorted = tookNs.stream().sorted().toList();
        return TimeUnit.NANOSECONDS.toMillis(sorted.get((int) ((sorted.size() - 1) * (long) perMille / 1000)));
    }

    @Override
    public void close() {
        stopping = true;
    }

    @Override
    public String toString() {
        return tookNs.size() + " single appends: half of them within " + tookMs(500) + " ms, 99 % within " + tookMs(990)
                + " ms, 99.9 % within " + tookMs(999) + " ms, all within " + tookMs(1000) + " ms";
    }
}
