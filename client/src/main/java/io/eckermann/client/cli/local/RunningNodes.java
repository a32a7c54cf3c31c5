package io.eckermann.client.cli.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The cluster that an {@code up} in another process runs on a data directory. */
public final class RunningNodes {
    private final ClusterDirectory directory;
    private final ClusterDirectory.Cluster cluster;
    private final ClusterDirectory.Running running;

    private RunningNodes(
            ClusterDirectory directory, ClusterDirectory.Cluster cluster, ClusterDirectory.Running running) {
        this.directory = directory;
        this.cluster = cluster;
        this.running = running;
    }

    /** The cluster that runs on this directory, when there is one and its {@code up} still lives. */
    public static Optional<RunningNodes> find(Path data) {
        try (ClusterDirectory directory = new ClusterDirectory(data)) {
            Optional<ClusterDirectory.Cluster> cluster = directory.cluster();
            Optional<ClusterDirectory.Running> running = directory
                    .running()
                    .filter(r -> ProcessHandle.of(r.pid())
                            .map(ProcessHandle::isAlive)
                            .orElse(false));
            if (cluster.isEmpty() || running.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new RunningNodes(directory, cluster.get(), running.get()));
        }
    }

    public List<LocalNode> nodes() {
        return cluster.nodes();
    }

    /** Of a cluster that encrypts. */
    public Optional<DevelopmentCertificates> certificates() {
        return cluster.tls() ? Optional.of(directory.certificates()) : Optional.empty();
    }

    /** The file with the first administrator's key, where one of the nodes left it and nobody took it away. */
    public Optional<Path> firstKey() {
        return directory.firstKey(cluster);
    }

    public List<String> grpcAddresses() {
        return cluster.nodes().stream().map(LocalNode::grpcAddress).toList();
    }

    /** Whether this is one of the cluster's nodes and its process is known and verified. */
    public boolean canKill(String node) {
        return handle(node).isPresent();
    }

    /**
     * Kills a node with SIGKILL and waits until it is gone.
     *
     * @throws LocalException when its process is not known, or is not this very node
     */
    public void kill(String node) {
        ProcessHandle process = handle(node)
                .orElseThrow(() -> new LocalException("The process of node " + node + " is not known here."));
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Process ids are used again: only one whose command line runs a node on this very directory counts. */
    private Optional<ProcessHandle> handle(String node) {
        String config = directory.root().resolve(node).resolve("node.yaml").toString();
        return running.nodes().stream()
                .filter(known -> known.id().equals(node))
                .findFirst()
                .flatMap(known -> ProcessHandle.of(known.pid()))
                .filter(process -> process.info()
                        .arguments()
                        .map(Arrays::asList)
                        .filter(arguments -> arguments.contains(NodeCommand.MAIN) && arguments.contains(config))
                        .isPresent());
    }
}
