package io.eckermann.chaos;

import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One append after the other, and when each was acknowledged. */
final class LoneAppends implements AutoCloseable {
    private final EventStore store;
    private final ConcurrentLinkedQueue<Acked> acked = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "lone appends");
    private volatile boolean stopping;

    private record Acked(long atNs, long tookNs) {}

    LoneAppends(EventStore store) {
        this.store = store;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopping) {
            long sentNs = System.nanoTime();
            store.append("lone", Event.of("x")).join();
            long atNs = System.nanoTime();
            acked.add(new Acked(atNs, atNs - sentNs));
        }
    }

    void await(int more) throws Exception {
        int before = acked.size();
        Await.until("appends are acknowledged", () -> acked.size() > before + more);
    }

    /** The longest time without one that ended after this. */
    double longestMs(long fromNs) {
        long longest = 0;
        long last = fromNs;
        for (Acked each : acked) {
            if (each.atNs() - fromNs > 0) {
                longest = Math.max(longest, each.atNs() - last);
                last = each.atNs();
            }
        }
        return longest / 1e6;
    }

    /** How long those took that ended between these. */
    String between(long fromNs, long toNs) {
        double[] tookMs = acked.stream()
                .filter(each -> each.atNs() - fromNs > 0 && each.atNs() - toNs <= 0)
                .mapToDouble(each -> each.tookNs() / 1e6)
                .sorted()
                .toArray();
        if (tookMs.length == 0) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "%d, p50 %.2f ms, p99 %.2f, most %.1f",
                tookMs.length,
                tookMs[tookMs.length / 2],
                tookMs[tookMs.length * 99 / 100],
                tookMs[tookMs.length - 1]);
    }

    /** Ends with the append that is under way. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
