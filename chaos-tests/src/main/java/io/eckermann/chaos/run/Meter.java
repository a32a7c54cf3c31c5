package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.history.Edn;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures every node twice a second for as long as the cluster is there, and writes it to {@code samples.edn} of the run: how
 * much memory, files, threads and disk a process has, and how long its log is by then. By the latter a line of a log gets a time
 * of the history, also while the clock of the node is wrong.
 */
final class Meter implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final long KIB = 1024;
    private static final long PATIENCE_MS = 5_000;

    private final Servers servers;
    private final History history;
    private final BufferedWriter out;
    private final Thread thread = new Thread(this::run, "meter");
    private volatile boolean stopping;

    Meter(Servers servers, History history, Path file) throws IOException {
        this.servers = servers;
        this.history = history;
        this.out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (out) {
            while (!stopping) {
                Map<String, Object> sample = new LinkedHashMap<>();
                for (Server server : servers.everyone()) {
                    sample.put(server.id(), measure(server));
                }
                sample.put("time", history.nowNs());
                out.write(Edn.text(sample) + "\n");
                out.flush();
                Patience.rest(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            history.nemesis("harness-error", "Nodes are measured no longer: " + e);
        }
    }

    /** Of a process that ends meanwhile as much as could be seen. */
    static Map<String, Object> measure(Server server) {
        Map<String, Object> seen = new LinkedHashMap<>();
        long pid = server.pid();
        if (server.isAlive()) {
            try {
                Path process = Path.of("/proc", Long.toString(pid));
                String status = Files.readString(process.resolve("status"));
                long files = count(process.resolve("fd"));
                seen.put("pid", pid);
                seen.put("rss-kib", number(status, "VmRSS:"));
                seen.put("threads", number(status, "Threads:"));
                seen.put("files", files);
                seen.put("disk-kib", bytesBelow(server.data()) / KIB);
            } catch (IOException e) {
                seen.clear(); // it has just ended
            }
        }
        seen.put("log-bytes", server.log().toFile().length());
        return seen;
    }

    /** The number behind a word of {@code /proc/PID/status}; 0 when it is not there, as of a process that is ending. */
    static long number(String status, String word) {
        return status.lines()
                .filter(line -> line.startsWith(word))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    /** Files come and go meanwhile. */
    private static long bytesBelow(Path directory) throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path visited, @org.jspecify.annotations.Nullable IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
