package io.eckermann.bench;

import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * How long does one producer wait that sends one event at a time, and how long does the disk below take for one fsync?
 * Both alternate in one run, because a shared disk changes its mind from minute to minute.
 *
 * <p>Arguments: endpoints, a directory on the nodes' disk, seconds of warm-up, rounds. Prints a line per round and kind:
 * {@code round,kind,operations,p50_us,p99_us,max_us}.
 */
public final class LoneAppend {
    private static final int PAYLOAD_BYTES = 1024;
    private static final int OPERATIONS = 1000;
    private static final String TOPIC = "benchmark-lone-append";

    private final byte[] payload = new byte[PAYLOAD_BYTES];
    private final PrintStream out;

    private LoneAppend(PrintStream out) {
        this.out = out;
        new Random(1).nextBytes(payload);
    }

    /** Runs the measurement. */
    public static void main(String[] args) throws IOException {
        String endpoints = args.length > 0 ? args[0] : EventStore.DEFAULT_ENDPOINT;
        Path directory = Path.of(args.length > 1 ? args[1] : ".");
        int warmUpSeconds = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        try (EventStore store = EventStore.connect(endpoints)) {
            new LoneAppend(System.out).run(store, directory, warmUpSeconds, rounds);
        }
    }

    private void run(EventStore store, Path directory, int warmUpSeconds, int rounds) throws IOException {
        store.topics().create(TOPIC).join();
        long warmUpEnd = System.nanoTime() + warmUpSeconds * 1_000_000_000L;
        while (System.nanoTime() < warmUpEnd) {
            append(store);
        }
        out.println("round,kind,operations,p50_us,p99_us,max_us");
        Path file = Files.createTempFile(directory, "lone-append", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int round = 1; round <= rounds; round++) {
                report(round, "fsync", measure(() -> fsync(channel)));
                report(round, "append", measure(() -> append(store)));
            }
        } finally {
            Files.delete(file);
        }
    }

    private void append(EventStore store) {
        store.append(TOPIC, Event.of(payload)).join();
    }

    private void fsync(FileChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(payload));
        channel.force(false);
    }

    private static long[] measure(Operation operation) throws IOException {
        long[] nanos = new long[OPERATIONS];
        for (int i = 0; i < OPERATIONS; i++) {
            long start = System.nanoTime();
            operation.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private void report(int round, String kind, long[] sortedNanos) {
        out.printf(
                Locale.ROOT,
                "%d,%s,%d,%.0f,%.0f,%.0f%n",
                round,
                kind,
                sortedNanos.length,
                sortedNanos[sortedNanos.length / 2] / 1e3,
                sortedNanos[sortedNanos.length * 99 / 100] / 1e3,
                sortedNanos[sortedNanos.length - 1] / 1e3);
    }

    private interface Operation {
        void run() throws IOException;
    }
}
