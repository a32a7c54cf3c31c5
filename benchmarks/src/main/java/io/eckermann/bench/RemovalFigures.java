package io.eckermann.bench;

import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.Query;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.StorageStatus;
import io.eckermann.client.TopicChanges;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What does the index take for each event, how long does a read by a rare tag take, and how much of a topic's bytes come
 * back from the disks when it may not keep them any more? On a running cluster of nodes with short intervals:
 *
 * <pre>
 * ECKERMANN_RETENTION_INTERVAL=1s ECKERMANN_SCAVENGE_INTERVAL=1s ECKERMANN_RAFT_SNAPSHOT_INTERVAL=5s \\
 *     ./eckermann up
 * ./benchmarks/run RemovalFigures 127.0.0.1:7301 10 1000000
 * </pre>
 *
 * <p>Arguments: endpoints, gibibytes of payload, events with tags; 0 leaves a part out. Topics are deleted at the end. What
 * the Raft log keeps for nodes that were away ({@code raft.entries-kept}) comes back only when more was appended.
 */
public final class RemovalFigures {
    private static final String LARGE = "benchmark-removal";
    private static final String TAGGED = "benchmark-tags";
    private static final int PAYLOAD_BYTES = 64 << 10;
    private static final int UNDER_WAY = 256;
    private static final int TAGGED_AT_ONCE = 20;
    private static final int TYPES = 20;
    private static final int KEYS = 10_000;
    private static final int RARE_TAGS = 100_000;
    private static final int READS = 500;
    private static final long PATIENCE_S = 100;
    private static final long SETTLED_S = 60;
    private static final double PERCENT = 100;

    private final EventStore store;
    private final PrintStream out;
    private final Random random = new Random(1);

    private RemovalFigures(EventStore store, PrintStream out) {
        this.store = store;
        this.out = out;
    }

    /** Runs the measurement. */
    public static void main(String[] args) throws Exception {
        String endpoints = args.length > 0 ? args[0] : EventStore.DEFAULT_ENDPOINT;
        int gibibytes = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int events = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
        try (EventStore store = EventStore.connect(endpoints)) {
            RemovalFigures figures = new RemovalFigures(store, System.out);
            figures.measure((long) gibibytes << 30, events);
        }
    }

    private void measure(long bytes, int events) throws InterruptedException {
        store.topics().create(LARGE).join();
        try {
            if (events > 0) {
                index(events);
            }
            if (bytes > 0) {
                retention(bytes);
            }
        } finally {
            store.topics().delete(LARGE).join();
        }
    }

    private void index(int events) throws InterruptedException {
        store.topics().create(TAGGED).join();
        long before = settled(StorageStatus::indexBytes);
        long start = System.nanoTime();
        Window window = new Window();
        for (int k = 0; k < events; k += TAGGED_AT_ONCE) {
            List<Event> some = new ArrayList<>();
            for (int n = k; n < k + TAGGED_AT_ONCE; n++) {
                some.add(tagged(n));
            }
            window.add(some, TAGGED);
        }
        window.drain();
        say("appended %,d events in %.0f s", events, (System.nanoTime() - start) / 1e9);
        long perEvent = settled(StorageStatus::indexBytes) - before;
        say("index, all of it: %.1f bytes for each of %,d events", (double) perEvent / nodes() / events, events);
        long[] nanos = new long[READS];
        int found = 0;
        for (int k = 0; k < READS; k++) {
            start = System.nanoTime();
            found += read("customer:" + random.nextInt(RARE_TAGS));
            nanos[k] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        say(
                "read by one of %,d tags: p50 %.2f ms, p99 %.2f ms, %.1f events each",
                RARE_TAGS, nanos[READS / 2] / 1e6, nanos[READS * 99 / 100] / 1e6, (double) found / READS);
        long full = bytes(StorageStatus::indexBytes);
        // Most of it: of a topic that has no event left all rows go as one range.
        store.topics().truncate(TAGGED, events - events / 100).join();
        start = System.nanoTime();
        awaitBelow(StorageStatus::indexBytes, before + (full - before) / 20);
        say(
                "index after 99 %% were truncated: %.1f %% came back within %.0f s",
                PERCENT * (full - bytes(StorageStatus::indexBytes)) / (full - before),
                (System.nanoTime() - start) / 1e9);
        store.topics().delete(TAGGED).join();
    }

    /** One type of 20, one key of 10,000, and three tags: one of 100,000, one of 1,000, one of 12. */
    private Event tagged(int number) {
        return Event.builder()
                .type("type-" + random.nextInt(TYPES))
                .key("order-" + random.nextInt(KEYS))
                .tag("customer:" + random.nextInt(RARE_TAGS))
                .tag("product:" + random.nextInt(1_000))
                .tag("month:" + number % 12)
                .payload("{\"n\":" + number + "}")
                .build();
    }

    private int read(String tag) {
        int events = 0;
        try (EventStream stream = store.open(
                TAGGED, ReadOptions.builder().query(Query.types().tags(tag)).build())) {
            while (stream.hasNext()) {
                stream.next();
                events++;
            }
        }
        return events;
    }

    private void retention(long bytes) throws InterruptedException {
        long before = bytes(StorageStatus::logAndKeptBytes);
        byte[] payload = new byte[PAYLOAD_BYTES];
        Window window = new Window();
        long start = System.nanoTime();
        for (long written = 0; written < bytes; written += PAYLOAD_BYTES) {
            random.nextBytes(payload);
            window.add(List.of(Event.of(payload.clone())), LARGE);
        }
        window.drain();
        say("wrote %,d MiB in %.0f s", bytes >> 20, (System.nanoTime() - start) / 1e9);
        long full = bytes(StorageStatus::logAndKeptBytes) + bytes(StorageStatus::snapshotBytes);
        store.topics().update(LARGE, TopicChanges.NONE.retainEvents(1)).join();
        start = System.nanoTime();
        awaitBelow(each -> each.logAndKeptBytes() + each.snapshotBytes(), full - (long) (0.95 * nodes() * bytes));
        long left = bytes(StorageStatus::logAndKeptBytes) + bytes(StorageStatus::snapshotBytes);
        say(
                "retention: %,d of %,d MiB on %d nodes came back (%.1f %% of what the topic had) within %.0f s; %,d MiB are left,"
                        + " %,d were there before",
                (full - left) >> 20,
                full >> 20,
                nodes(),
                PERCENT * (full - left) / (nodes() * bytes),
                (System.nanoTime() - start) / 1e9,
                left >> 20,
                before >> 20);
    }

    private int nodes() {
        return store.cluster().join().nodes().size();
    }

    /** Of all nodes together. */
    private long bytes(ToLongFunction<StorageStatus> which) {
        return store.cluster().join().nodes().stream()
                .map(NodeStatus::storage)
                .flatMap(Optional::stream)
                .mapToLong(which)
                .sum();
    }

    /** What it is once it does not change for some seconds; or after a while, as nodes never stand quite still. */
    private long settled(ToLongFunction<StorageStatus> which) throws InterruptedException {
        long last = -1;
        int same = 0;
        for (int s = 0; s < SETTLED_S && same < 5; s++) {
            TimeUnit.SECONDS.sleep(1);
            long now = bytes(which);
            same = Math.abs(now - last) <= last / 100 ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    /** Waits until it is below; goes on appending a little, as nodes give back no segment that is the newest. */
    private void awaitBelow(ToLongFunction<StorageStatus> which, long bytes) throws InterruptedException {
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (long s = 0; s < PATIENCE_S && bytes(which) > bytes; s++) {
            random.nextBytes(payload);
            store.append(LARGE, Event.of(payload))
                    .handle((done, failure) -> done)
                    .join();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void say(String format, Object... facts) {
        out.printf(Locale.ROOT, format + "%n", facts);
    }

    /** Appends that are under way. */
    private final class Window {
        private final ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();

        void add(List<Event> events, String topic) {
            underWay.add(store.append(topic, events));
            if (underWay.size() > UNDER_WAY) {
                underWay.remove().join();
            }
        }

        void drain() {
            while (!underWay.isEmpty()) {
                underWay.remove().join();
            }
        }
    }
}
