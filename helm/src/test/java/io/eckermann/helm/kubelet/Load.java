package io.eckermann.helm.kubelet;

import io.eckermann.client.Appender;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A program of a user: one client appends numbered events and reads them back as they come, all the time. */
final class Load {
    private static final String TOPIC = "payments";
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final EventStore store;
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Integer> read = new ArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicLong lastAckNs = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNs = new AtomicLong();
    private final Thread writing;
    private volatile boolean stopping;

    /** @param store knows the service for clients, and has learnt the nodes behind it */
    Load(EventStore store) {
        this.store = store;
        store.topics().create(TOPIC).join();
        this.writing = thread("appends", this::write);
        thread("reads", this::read);
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void write() {
        Appender appender = store.appender(TOPIC);
        while (!stopping) {
            int number = sent.incrementAndGet();
            CompletableFuture<?> unused = appender.append(Event.of(Integer.toString(number)))
                    .whenComplete((position, failure) -> {
                        if (failure == null) {
                            acknowledged.add(number);
                            long now = System.nanoTime();
                            longestGapNs.accumulateAndGet(now - lastAckNs.getAndSet(now), Math::max);
                        } else {
                            failures.add(failure);
                        }
                    });
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void read() {
        try (EventStream events =
                store.open(TOPIC, ReadOptions.builder().from(1).follow().build())) {
            events.forEachRemaining(event -> {
                synchronized (read) {
                    read.add(Integer.valueOf(event.event().payloadText()));
                }
            });
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /** Between two acknowledgements since this was asked last. */
    long longestGapMs() {
        return longestGapNs.getAndSet(0) / 1_000_000;
    }

    void check() {
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " requests failed, the first with", failures.peek());
        }
    }

    /** Ends it: every event must be acknowledged, and read once and in its order. */
    void finish() throws Exception {
        stopping = true;
        writing.join();
        Await.until("all is acknowledged and read", Duration.ofSeconds(30), () -> {
            check();
            synchronized (read) {
                return acknowledged.size() == sent.get() && read.size() >= sent.get();
            }
        });
        synchronized (read) {
            if (!read.equals(IntStream.rangeClosed(1, sent.get()).boxed().toList())) {
                throw new AssertionError("Events were lost, doubled or out of order");
            }
        }
    }
}
