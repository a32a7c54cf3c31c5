package io.eckermann.bench;

import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.GroupSettings;
import io.eckermann.client.GroupStart;
import io.eckermann.client.Lease;
import io.eckermann.client.LeaseOptions;
import io.eckermann.client.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many events a second do the members of one group lease and ack? Events are appended first; then each member, with a
 * connection of its own, leases so many at a time and acks them while it leases the next.
 *
 * <p>Arguments: endpoints, members, events per lease, seconds, {@code none} or {@code key}, events in the topic, keys.
 * Prints a line per second: acked, and at the end the rate of the second half.
 */
public final class GroupLeases {
    private static final int PAYLOAD_BYTES = 100;
    private static final int APPENDED_TOGETHER = 1_000;

    private final String endpoints;
    private final int max;
    private final LongAdder acked = new LongAdder();
    private volatile boolean over;

    private GroupLeases(String endpoints, int max) {
        this.endpoints = endpoints;
        this.max = max;
    }

    /** Runs the measurement. */
    public static void main(String[] args) throws InterruptedException {
        String endpoints = args.length > 0 ? args[0] : EventStore.DEFAULT_ENDPOINT;
        int members = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        int max = args.length > 2 ? Integer.parseInt(args[2]) : 500;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 40;
        boolean byKey = args.length > 4 && args[4].equals("key");
        int events = args.length > 5 ? Integer.parseInt(args[5]) : 2_000_000;
        int keys = args.length > 6 ? Integer.parseInt(args[6]) : 10_000;
        new GroupLeases(endpoints, max).run(members, seconds, byKey, events, keys);
    }

    private void run(int members, int seconds, boolean byKey, int events, int keys) throws InterruptedException {
        String topic = "benchmark-group-" + System.nanoTime();
        try (EventStore store = EventStore.connect(endpoints)) {
            store.topics().create(topic).join();
            fill(store, topic, events, keys);
            GroupSettings settings = byKey ? GroupSettings.DEFAULTS.withOrderByKey() : GroupSettings.DEFAULTS;
            store.groups().create(topic, "g", settings, GroupStart.FIRST).join();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                String member = "m" + i;
                Thread thread = new Thread(() -> work(topic, member), member);
                thread.start();
                threads.add(thread);
            }
            report(seconds);
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
            store.topics().delete(topic).join();
        }
    }

    private static void fill(EventStore store, String topic, int events, int keys) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        List<CompletableFuture<?>> appends = new ArrayList<>();
        for (int from = 0; from < events; from += APPENDED_TOGETHER) {
            List<Event> together = new ArrayList<>();
            for (int i = from; i < Math.min(events, from + APPENDED_TOGETHER); i++) {
                together.add(
                        Event.builder().key("key-" + i % keys).payload(payload).build());
            }
            appends.add(store.append(topic, together));
        }
        CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).join();
    }

    private void work(String topic, String member) {
        LeaseOptions options =
                LeaseOptions.DEFAULTS.withMember(member).withMax(max).withWait(Duration.ofSeconds(1));
        try (EventStore store = EventStore.connect(endpoints)) {
            CompletableFuture<?> acking = CompletableFuture.completedFuture(null);
            while (!over) {
                Lease lease = store.groups().lease(topic, "g", options).join();
                acking.join();
                if (!lease.isEmpty()) {
                    acking = store.groups()
                            .settle(topic, "g", List.of(Settlement.ack(lease.token(), List.of())))
                            .thenAccept(settled -> acked.add(settled.settled()));
                }
            }
            acking.join();
        }
    }

    private void report(int seconds) throws InterruptedException {
        long half = 0;
        long halfNs = 0;
        long before = 0;
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            long now = acked.sum();
            System.out.println(second + "," + (now - before));
            before = now;
            if (second == seconds / 2) {
                half = now;
                halfNs = System.nanoTime();
            }
        }
        System.out.printf(
                "leased and acked per second: %.0f%n", (acked.sum() - half) * 1e9 / (System.nanoTime() - halfNs));
    }
}
