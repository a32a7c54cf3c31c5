package io.eckermann.chaos;

import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many clients, each with a connection of its own, that append large events as fast as they can and try nothing twice:
 * what they have under way together is more than a node's whole heap.
 */
final class Flood implements AutoCloseable {
    static final int CLIENTS = 40;
    private static final int UNDER_WAY_MAX = 4;
    private static final int EVENT_BYTES = 900_000;
    private static final int EVENTS = 2;
    private static final long REFUSED_PAUSE_NS = 20_000_000;

    /** What is offered at once. */
    static final long BYTES_UNDER_WAY = (long) CLIENTS * UNDER_WAY_MAX * EVENTS * EVENT_BYTES;

    private final List<Event> events = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong recorded = new AtomicLong();
    private final AtomicLong overloaded = new AtomicLong();
    private final AtomicLong otherwise = new AtomicLong();
    private volatile boolean stopping;
    private volatile @Nullable Throwable unexpected;

    Flood(Cluster cluster, String topic) {
        byte[] noise = new byte[EVENT_BYTES];
        new Random(7).nextBytes(noise);
        for (int i = 0; i < EVENTS; i++) {
            events.add(Event.of(noise));
        }
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(() -> run(cluster, topic), "flood " + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(Cluster cluster, String topic) {
        Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
        try (EventStore store = EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(20))
                .retriesMax(0)
                .build()) {
            while (!stopping) {
                if (underWay.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    CompletableFuture<?> unused = store.append(topic, events).whenComplete((result, failure) -> {
                        note(failure);
                        underWay.release();
                    });
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(@Nullable Throwable failure) {
        if (failure == null) {
            recorded.incrementAndGet();
        } else if (failure instanceof EckermannException known) {
            (known.code().equals("OVERLOADED") ? overloaded : otherwise).incrementAndGet();
            LockSupport.parkNanos(REFUSED_PAUSE_NS);
        } else {
            unexpected = failure;
        }
    }

    long recorded() {
        return recorded.get();
    }

    long overloaded() {
        return overloaded.get();
    }

    /** Offers nothing more and waits until nothing is under way. */
    void finish() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
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
        return "flood: " + recorded + " recorded, " + overloaded + " refused as OVERLOADED, " + otherwise
                + " otherwise";
    }
}
