package io.eckermann.bench.workload;

import io.eckermann.bench.load.Fill;
import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A part of workload H: what appends and reads cost on one system while it stores more and more. Both are measured when
 * it is empty but for the warm-up, and again each time that it has been filled further.
 */
record Stored(String name, Append append, CatchUpRead read, Supplier<Payloads> payloads) implements Workload {
    private static final int FILLERS = 16;
    private static final double ROOM_PER_BYTE = 1.1;

    @Override
    public String description() {
        return "appends as in A and reads as in D, before and after much is stored (--stored-gb)";
    }

    @Override
    public Kind kind() {
        return Kind.ALONE;
    }

    @Override
    public int extraSeconds() {
        return 200;
    }

    @Override
    public List<Row> run(Session session) throws Exception {
        List<Row> rows = new ArrayList<>();
        TreeSet<Integer> levels = new TreeSet<>(session.settings().storedGigabytes());
        levels.add(0);
        for (int gigabytes : levels) {
            double stored = fill(session, gigabytes);
            rows.add(append.run(session, name + "-" + gigabytes + "GB").with(Metric.STORED, stored));
            rows.add(read.runOnce(session, name + "-" + gigabytes + "GB-read").with(Metric.STORED, stored));
        }
        return rows;
    }

    /** Stores until there is so much; returns how much there is. */
    private double fill(Session session, int gigabytes) throws Exception {
        Payloads pool = payloads.get();
        int eventBytes = pool.at(0).length;
        long missing = gigabytes * 1_000_000_000L - session.stored() * eventBytes;
        if (missing > 0) {
            needRoom(session, missing);
            int window = session.settings().windowBytes() / eventBytes;
            List<String> topics = session.newTopics(1);
            long startNs = System.nanoTime();
            try (Connections connections = new Connections(session.running(), Tuning.THROUGHPUT)) {
                Fill.with(connections.spread(FILLERS, topics), pool, window, missing);
            }
            session.loaded(System.nanoTime() - startNs);
        }
        return session.stored() * eventBytes / 1e9;
    }

    private static void needRoom(Session session, long bytes) throws IOException {
        int replicas = session.running().pids().size();
        long free = Files.getFileStore(session.settings().directory()).getUsableSpace();
        double needed = bytes * ROOM_PER_BYTE * replicas + Trial.DISK_RESERVE_BYTES;
        if (needed > free) {
            throw new IOException(
                    "To store that much takes %.0f GB of disk, and %.0f are free: use a smaller --stored-gb."
                            .formatted(needed / 1e9, free / 1e9));
        }
    }
}
