package io.eckermann.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of a node: a process of the packaged program. It ends with its stdin, so it can't outlive this JVM. */
final class NodeProcess {
    /** Of util-linux; changes the limits of a running process. */
    static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    /** Three nodes and their clients share two processors, and little memory. */
    private static final String OPTIONS = "-XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx192m";

    private final Process process;
    private final Path log;
    private final long logStart;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private NodeProcess(Process process, Path log, long logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    static NodeProcess start(List<String> arguments, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = Launcher.node(arguments);
        builder.environment().put("ECKERMANN_NODE_OPTS", OPTIONS);
        builder.environment().putAll(environment);
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        Process process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        NodeProcess started = new NodeProcess(process, log, logStart);
        started.watchStdout();
        return started;
    }

    private void watchStdout() {
        Thread watch = new Thread(
                () -> {
                    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                        if (out.readLine() != null) {
                            ready.complete(null);
                        }
                        while (out.readLine() != null) {}
                    } catch (IOException e) {
                        // The process has ended.
                    }
                    ready.completeExceptionally(new IllegalStateException("the node ended"));
                },
                "stdout of a node");
        watch.setDaemon(true);
        watch.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean isReady() {
        return isAlive() && ready.isDone() && !ready.isCompletedExceptionally();
    }

    long pid() {
        return process.pid();
    }

    /** What the process holds of the machine's memory. */
    long memoryBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("the kernel does not say how much memory process " + process.pid() + " has");
    }

    /** From now on a write that would make a file larger than this fails with EFBIG. */
    void limitFiles(int bytesMax) throws IOException, InterruptedException {
        Process limit = new ProcessBuilder(
                        PRLIMIT.toString(), "--pid", Long.toString(process.pid()), "--fsize=" + bytesMax)
                .inheritIO()
                .start();
        if (limit.waitFor() != 0) {
            throw new IOException("prlimit failed with " + limit.exitValue());
        }
    }

    /** SIGKILL; waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGTERM, as supervisors send it: the node is to stop in an orderly way. */
    void terminate() {
        process.destroy();
    }

    /** Waits until it has ended by itself; returns its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            throw new AssertionError("The node goes on, but should have ended; it said:\n" + said());
        }
        return process.exitValue();
    }

    /** What this run has logged. */
    String said() {
        try {
            byte[] all = Files.readAllBytes(log);
            return new String(all, (int) logStart, all.length - (int) logStart, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
