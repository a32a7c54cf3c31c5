package io.eckermann.bench.raw;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three node processes of {@link RawRatisNode} on loopback, with their logs below one directory. The processes get this
 * process's class path and end with it. Not safe for use by several threads.
 */
public final class RawRatis implements AutoCloseable {
    private static final int NODES = 3;
    private static final Duration LEADER_WAIT = Duration.ofSeconds(60);

    private final List<Node> nodes = new ArrayList<>();

    private record Node(Process process, BufferedReader answers, OutputStream commands) {
        String ask(String command) throws IOException {
            commands.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            commands.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("a node of raw Ratis has ended: look at its log");
            }
            return answer;
        }
    }

    private RawRatis() {}

    /**
     * Starts the processes and waits for a leader.
     *
     * @param directory made if needed; holds the logs, and what the processes say on stderr
     * @param jvmFlags for each process
     */
    public static RawRatis start(Path directory, List<String> jvmFlags) throws IOException {
        List<Integer> ports = freePorts();
        String members = IntStream.range(0, NODES)
                .mapToObj(i -> "n" + (i + 1) + "=127.0.0.1:" + ports.get(i))
                .collect(Collectors.joining(","));
        RawRatis cluster = new RawRatis();
        try {
            for (int i = 1; i <= NODES; i++) {
                cluster.nodes.add(start("n" + i, members, directory.resolve("n" + i), jvmFlags));
            }
            cluster.leader();
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private static Node start(String id, String members, Path directory, List<String> jvmFlags) throws IOException {
        Files.createDirectories(directory);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RawRatisNode.class.getName()));
        command.addAll(List.of(id, members, directory.resolve("raft").toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("node.log").toFile())
                .start();
        return new Node(process, process.inputReader(StandardCharsets.UTF_8), process.getOutputStream());
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    /** The processes, for their CPU time, memory and disk writes. */
    public List<Long> pids() {
        return nodes.stream().map(node -> node.process().pid()).toList();
    }

    /** Has the leader keep so many entries of so many random bytes in flight. */
    public RawRatisFigures measure(int entryBytes, int inFlight, Duration duration) throws IOException {
        return RawRatisFigures.parse(
                leader().ask("measure " + entryBytes + " " + inFlight + " " + duration.toMillis()));
    }

    private Node leader() throws IOException {
        long deadline = System.nanoTime() + LEADER_WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            for (Node node : nodes) {
                if (Boolean.parseBoolean(node.ask("leader?"))) {
                    return node;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new IOException("raw Ratis has no leader after " + LEADER_WAIT.toSeconds() + " s");
    }

    /** Ends the processes and waits for them; what they wrote stays. */
    @Override
    public void close() {
        nodes.forEach(node -> node.process().destroy());
        for (Node node : nodes) {
            try {
                if (!node.process().waitFor(10, TimeUnit.SECONDS)) {
                    node.process().destroyForcibly();
                }
            } catch (InterruptedException e) {
                node.process().destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Measures all entry sizes and numbers in flight once. Arguments: a directory on the disk to use, seconds of warm-up,
     * seconds for each figure. What is left in the directory is the caller's to delete.
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Duration warmUp = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 60);
        Duration each = Duration.ofSeconds(args.length > 2 ? Long.parseLong(args[2]) : 5);
        PrintStream out = System.out;
        try (RawRatis cluster = start(directory, List.of("-Xmx512m", "-XX:+UseParallelGC"))) {
            cluster.measure(64 << 10, 16, warmUp.dividedBy(2));
            cluster.measure(1 << 10, 1, warmUp.dividedBy(2));
            out.println(RawRatisFigures.HEADER);
            for (int entryBytes : new int[] {1 << 10, 64 << 10, 256 << 10, 1 << 20}) {
                for (int inFlight : new int[] {1, 4, 64}) {
                    out.println(cluster.measure(entryBytes, inFlight, each).line());
                }
            }
        }
    }
}
