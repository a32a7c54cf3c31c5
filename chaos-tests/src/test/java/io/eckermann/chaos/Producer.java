package io.eckermann.chaos;

import io.eckermann.client.Appender;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Appends its numbered events to a topic until it is closed, and writes down what it was told about each. */
final class Producer implements AutoCloseable {
    private static final int UNDER_WAY_MAX = 64;

    private final String name;
    private final int bytes;
    private final long pauseNs;
    private final Appender appender;
    private final Thread thread;
    private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
    private final NavigableMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean stopping;
    private volatile @Nullable Throwable unexpected;

    /** @param bytes of each event, about */
    Producer(EventStore store, String topic, String name, int bytes, long pauseNs) {
        this.name = name;
        this.bytes = bytes;
        this.pauseNs = pauseNs;
        this.appender = store.appender(topic);
        this.thread = new Thread(this::run, "producer " + name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private void run() {
        Random random = new Random(1);
        for (long number = 1; !stopping; number++) {
            long n = number;
            underWay.acquireUninterruptibly();
            CompletableFuture<?> unused = appender.append(Event.of(name + " " + n + " " + padding(random)))
                    .whenComplete((position, failure) -> note(n, position, failure));
            LockSupport.parkNanos(pauseNs);
        }
        underWay.acquireUninterruptibly(UNDER_WAY_MAX);
    }

    /** Text that compresses little, so that the bytes reach the disks. */
    private String padding(Random random) {
        byte[] noise = new byte[bytes * 3 / 4];
        random.nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }

    private void note(long number, Long position, @Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.put(number, position);
        } else if (failure instanceof EckermannException e && e.outcomeUnknown()) {
            unknown.incrementAndGet();
        } else if (failure instanceof EckermannException) {
            refused.add(number);
        } else {
            unexpected = failure;
        }
        underWay.release();
    }

    /** Its events by number, with the positions that were acknowledged. */
    NavigableMap<Long, Long> acknowledged() {
        return acknowledged;
    }

    /** Numbers of events that were said to have left no trace. */
    Set<Long> refused() {
        return refused;
    }

    String name() {
        return name;
    }

    /** Waits until events that are appended from now on are acknowledged again. */
    void awaitProgress() throws Exception {
        long before = acknowledged.isEmpty() ? 0 : acknowledged.lastKey();
        Await.until(
                "appends of " + name + " are acknowledged",
                () -> !acknowledged.isEmpty() && acknowledged.lastKey() > before + UNDER_WAY_MAX);
    }

    /** Appends nothing more and waits for the outcome of what is under way. */
    void finish() {
        stopping = true;
        boolean interrupted = Thread.interrupted();
        try {
            thread.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (unexpected != null) {
            throw new AssertionError("An append failed with something else than the client's exception", unexpected);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }

    @Override
    public String toString() {
        return name + ": " + acknowledged.size() + " acknowledged, " + refused.size() + " refused, " + unknown
                + " unknown";
    }
}
