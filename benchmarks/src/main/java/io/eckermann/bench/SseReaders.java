package io.eckermann.bench;

import io.eckermann.bench.load.EventIds;
import io.eckermann.bench.load.OpenLoopSchedule;
import io.eckermann.bench.machine.ProcessSample;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long do events take to many readers that follow one topic by server-sent events at one node, and how much memory do
 * these cost it? Events are appended by an open-loop schedule; time counts from when one should have been sent to when a
 * reader has its last byte.
 *
 * <p>Arguments: gRPC endpoints, a node's HTTP address, its process id, readers, events a second, seconds to warm up,
 * seconds to measure. Prints one line for each figure.
 */
public final class SseReaders implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int PAYLOAD_CHARS = 80;

    private final EventStore store;
    private final String topic = "benchmark-sse-" + System.nanoTime();
    private final AtomicLongArray dueNs;
    private final Histogram microseconds = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final Selector selector = Selector.open();
    /** Read by others when the reading thread has ended. */
    private long delivered;

    private long missed;
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile boolean over;

    private SseReaders(String endpoints, int events) throws IOException {
        store = EventStore.connect(endpoints);
        dueNs = new AtomicLongArray(events + 1);
    }

    /** Runs the measurement. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String[] node = args[1].split(":", 2);
        int readers = Integer.parseInt(args[3]);
        int rate = Integer.parseInt(args[4]);
        int warm = Integer.parseInt(args[5]) * rate;
        int measured = Integer.parseInt(args[6]) * rate;
        // As many before there is a reader as while they warm up.
        try (SseReaders run = new SseReaders(args[0], 2 * warm + measured)) {
            run.store.topics().create(run.topic).join();
            run.run(
                    new InetSocketAddress(node[0], Integer.parseInt(node[1])),
                    Long.parseLong(args[2]),
                    readers,
                    rate,
                    warm,
                    measured);
        }
    }

    private void run(InetSocketAddress node, long pid, int readers, int rate, int warm, int measured)
            throws IOException, InterruptedException {
        append(1, warm, rate);
        long alone = ProcessSample.of(pid).rssBytes();
        for (int i = 0; i < readers; i++) {
            follow(node, warm);
        }
        Thread reading = new Thread(this::read, "readers");
        reading.start();
        append(warm + 1, warm, rate);
        ProcessSample before = ProcessSample.of(pid);
        measuredFrom = 2L * warm + 1;
        long most = append(2 * warm + 1, measured, rate, pid);
        ProcessSample after = ProcessSample.of(pid);
        TimeUnit.SECONDS.sleep(2);
        over = true;
        selector.wakeup();
        reading.join();
        long expected = (long) readers * measured;
        say("readers %d, events a second %d, events measured %d", readers, rate, measured);
        say("delivered %d of %d, out of turn %d", delivered, expected, missed);
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            say("p%s ms %.1f", percentile, microseconds.getValueAtPercentile(percentile) / 1e3);
        }
        say(
                "node's memory MB: %d without readers, %d at most with them, %d more",
                alone >> 20, most >> 20, (most - alone) >> 20);
        say("node's cores %.2f", (after.cpuSeconds() - before.cpuSeconds()) * rate / measured);
    }

    private static void say(String format, Object... facts) {
        System.out.printf(Locale.ROOT, format + "%n", facts);
    }

    private void append(int first, int count, int rate) {
        append(first, count, rate, ProcessHandle.current().pid());
    }

    /** Returns the most memory that the process had meanwhile. */
    private long append(int first, int count, int rate, long pid) {
        String payload = "{\"text\":\"" + "x".repeat(PAYLOAD_CHARS) + "\"}";
        OpenLoopSchedule schedule = new OpenLoopSchedule(System.nanoTime(), rate);
        long most = 0;
        var last = store.append(topic, Event.of(payload));
        dueNs.set(first, System.nanoTime());
        for (int i = 1; i < count; i++) {
            long due = schedule.timeOf(i);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            dueNs.set(first + i, due);
            last = store.append(topic, Event.of(payload));
            if (i % rate == 0) {
                most = Math.max(most, ProcessSample.of(pid).rssBytes());
            }
        }
        last.join();
        return most;
    }

    private void follow(InetSocketAddress node, long after) throws IOException {
        SocketChannel channel = SocketChannel.open(node);
        String request = "GET /v1/topics/" + topic + "/events HTTP/1.1\r\nHost: node\r\nAccept: text/event-stream\r\n"
                + "Last-Event-ID: " + after + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new EventIds(after));
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (!over) {
                selector.select(key -> take(key, buffer));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(SelectionKey key, ByteBuffer buffer) {
        buffer.clear();
        try {
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                System.err.println("The node closed a stream.");
                key.cancel();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        long nowNs = System.nanoTime();
        missed += ((EventIds) key.attachment()).take(buffer.flip(), position -> {
            if (position >= measuredFrom) {
                delivered++;
                microseconds.recordValue(Math.max(0, nowNs - dueNs.get((int) position)) / 1_000);
            }
        });
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        store.topics().delete(topic).join();
        store.close();
    }
}
