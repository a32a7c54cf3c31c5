package io.eckermann.client.cli.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A node as a child process. It says on its stdout when it is ready, logs to {@code log/node.log} in its directory,
 * and stops by itself when its stdin ends, so it can't outlive this process.
 */
final class NodeProcess {
    private static final int LOG_BYTES_MAX = 16 << 20;
    private static final int TAIL_BYTES = 8 << 10;

    private final LocalNode node;
    private final Path log;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean killed;

    private NodeProcess(LocalNode node, Path log, Process process) {
        this.node = node;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a node on its configuration file.
     *
     * @param environment more variables
     * @throws LocalException when the process can't be started
     */
    static NodeProcess start(LocalNode node, Path directory, Path config, Map<String, String> environment) {
        Path log = directory.resolve("log").resolve("node.log");
        List<String> command = List.of("serve", "--config", config.toString(), "--stop-on-stdin-eof");
        try {
            Files.createDirectories(log.getParent());
            rotate(log);
            ProcessBuilder builder =
                    NodeCommand.builder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            NodeProcess started = new NodeProcess(node, log, process);
            started.watchStdout();
            return started;
        } catch (IOException e) {
            throw new LocalException("Node " + node.id() + " can't be started: " + e.getMessage() + ".", e);
        }
    }

    LocalNode node() {
        return node;
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether the node has said that its doors are open. */
    boolean isReady() {
        return ready.isDone();
    }

    /** Completes with the exit code when the process has ended. */
    CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Whether {@link #kill} was called. */
    boolean isKilled() {
        return killed;
    }

    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    void requestStop() {
        process.destroy();
    }

    /** Waits for the end after {@link #requestStop}; kills the node when it takes longer. False when it did not end well. */
    boolean awaitStop(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        int code = process.exitValue();
        // A JVM that ends by SIGTERM or SIGINT tells so in its exit code.
        return code == 0 || code == 143 || code == 130;
    }

    /** The last lines of the log. */
    List<String> logTail(int lines) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private void watchStdout() {
        Thread watch = new Thread(
                () -> {
                    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                        if (out.readLine() != null) {
                            ready.complete(null);
                        }
                        // Nothing else is expected, but a full pipe would stop the node.
                        while (out.readLine() != null) {}
                    } catch (IOException e) {
                        // The process has ended, which onExit tells.
                    }
                },
                "stdout of " + node.id());
        watch.setDaemon(true);
        watch.start();
    }

    private static void rotate(Path log) throws IOException {
        File file = log.toFile();
        if (file.length() > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling("node.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
