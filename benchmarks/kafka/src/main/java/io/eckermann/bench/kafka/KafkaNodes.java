package io.eckermann.bench.kafka;

import io.eckermann.client.cli.local.LocalNode;
import io.eckermann.client.cli.local.PortPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/** Three node processes on loopback, each broker and controller. */
final class KafkaNodes implements AutoCloseable {
    private static final int COUNT = 3;

    /** The flags of Kafka's own start script. */
    private static final List<String> JVM = List.of(
            "-Xmx1G",
            "-Xms1G",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-XX:MaxInlineLevel=15",
            "-Djava.awt.headless=true");

    private final List<Process> processes = new ArrayList<>();
    private final String brokers;

    private KafkaNodes(String brokers) {
        this.brokers = brokers;
    }

    static KafkaNodes start(Path directory) throws IOException {
        List<LocalNode> ports = PortPlan.FREE.nodes(COUNT);
        KafkaNodes nodes =
                new KafkaNodes(ports.stream().map(LocalNode::grpcAddress).collect(Collectors.joining(",")));
        String voters = ports.stream()
                .map(node -> id(ports, node) + "@" + node.raftAddress())
                .collect(Collectors.joining(","));
        String cluster = Uuid.randomUuid().toString();
        try {
            for (LocalNode node : ports) {
                nodes.processes.add(start(directory.resolve(node.id()), id(ports, node), node, voters, cluster));
            }
            return nodes;
        } catch (IOException e) {
            nodes.close();
            throw e;
        }
    }

    /** For clients to begin with. */
    String brokers() {
        return brokers;
    }

    List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
    }

    /** Whether none has ended. */
    boolean allRun() {
        return processes.stream().allMatch(Process::isAlive);
    }

    void kill(int node) throws InterruptedException {
        processes.get(node).destroyForcibly().waitFor();
    }

    /** Kills them all: their data is thrown away. */
    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    private static int id(List<LocalNode> all, LocalNode node) {
        return all.indexOf(node) + 1;
    }

    private static Process start(Path directory, int id, LocalNode ports, String voters, String cluster)
            throws IOException {
        Files.createDirectories(directory);
        Path config = directory.resolve("server.properties");
        Files.writeString(config, config(directory, id, ports, voters));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KafkaNode.class.getName()));
        command.addAll(List.of(cluster, config.toString()));
        Path log = directory.resolve("node.log");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static String config(Path directory, int id, LocalNode ports, String voters) {
        return """
                process.roles=broker,controller
                node.id=%d
                controller.quorum.voters=%s
                listeners=PLAINTEXT://%s,CONTROLLER://%s
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=PLAINTEXT
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                log.dirs=%s
                default.replication.factor=3
                min.insync.replicas=2
                offsets.topic.replication.factor=3
                auto.create.topics.enable=false
                """.formatted(id, voters, ports.grpcAddress(), ports.raftAddress(), directory.resolve("data"));
    }
}
