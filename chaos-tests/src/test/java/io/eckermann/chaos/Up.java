package io.eckermann.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running {@code up} with its nodes. Closing it leaves no process behind, whatever happened. */
final class Up implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<Node> nodes = new ArrayList<>();
    private final Path err;

    /** A node as {@code up --json} tells. */
    record Node(String id, String http, String grpc, long pid) {
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        }

        /** SIGKILL; waits until it is gone. */
        void kill() {
            process().ifPresent(handle -> {
                handle.destroyForcibly();
                handle.onExit().join();
            });
        }
    }

    Up(Process process, JsonNode line, Path err) {
        this.process = process;
        this.err = err;
        line.path("nodes")
                .forEach(node -> nodes.add(new Node(
                        node.path("id").asText(),
                        node.path("http").asText(),
                        node.path("grpc").asText(),
                        node.path("pid").asLong())));
    }

    List<Node> nodes() {
        return nodes;
    }

    String endpoints() {
        return String.join(",", nodes.stream().map(Node::grpc).toList());
    }

    /** What it said on stderr so far. */
    String said() throws IOException {
        return Files.readString(err);
    }

    /** SIGTERM; returns its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("up did not stop within " + PATIENCE);
        }
        return process.exitValue();
    }

    /** SIGKILL: it can't stop its nodes. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    boolean anyNodeLives() {
        return nodes.stream().anyMatch(node -> node.process().isPresent());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        kill();
        nodes.forEach(Node::kill);
    }
}
