package io.eckermann.client.cli.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes of a {@link ClusterDirectory} as child processes of this one. Safe for use by several threads. */
public final class LocalCluster implements AutoCloseable {
    public static final int NODES_MAX = 9;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final long DEATH_GRACE_MS = 500;
    private static final int TAIL_LINES = 12;

    private final ClusterDirectory directory;
    private final ClusterDirectory.Cluster cluster;
    private final Map<String, String> environment;
    private final Consumer<Death> onDeath;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** By node id; guarded by itself. */
    private final Map<String, NodeProcess> processes = new TreeMap<>();

    /** A node's process ended without having been asked to. */
    public record Death(LocalNode node, int exitCode, String log, List<String> logTail) {}

    private LocalCluster(
            ClusterDirectory directory,
            ClusterDirectory.Cluster cluster,
            Map<String, String> environment,
            Consumer<Death> onDeath) {
        this.directory = directory;
        this.cluster = cluster;
        this.environment = Map.copyOf(environment);
        this.onDeath = onDeath;
    }

    /**
     * Starts every node of the cluster; does not wait until they are ready.
     *
     * @param directory locked by the caller, who also closes it
     * @param onDeath called on another thread for each node that ends by itself
     * @throws LocalException when a port is in use or a process can't be started; then none runs
     */
    public static LocalCluster start(
            ClusterDirectory directory, ClusterDirectory.Cluster cluster, Consumer<Death> onDeath) {
        return start(directory, cluster, Map.of(), onDeath);
    }

    /**
     * The same with more variables in the environment of every node.
     *
     * @param environment settings among them, by their names in the environment
     */
    public static LocalCluster start(
            ClusterDirectory directory,
            ClusterDirectory.Cluster cluster,
            Map<String, String> environment,
            Consumer<Death> onDeath) {
        PortPlan.checkFree(cluster.nodes());
        LocalCluster started = new LocalCluster(directory, cluster, environment, onDeath);
        try {
            cluster.nodes().forEach(started::launch);
            started.saveRunning();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    public List<LocalNode> nodes() {
        return cluster.nodes();
    }

    public List<String> grpcAddresses() {
        return cluster.nodes().stream().map(LocalNode::grpcAddress).toList();
    }

    /** Ids of the nodes that have said they are ready and still run. */
    public List<String> ready() {
        synchronized (processes) {
            return processes.values().stream()
                    .filter(p -> p.isReady() && p.isAlive())
                    .map(p -> p.node().id())
                    .toList();
        }
    }

    /** The process id of a node, which may have ended. */
    public long pid(String node) {
        return process(node).pid();
    }

    /** Starts a node again whose process has ended. */
    public void restart(String node) {
        NodeProcess old = process(node);
        if (old.isAlive()) {
            throw new LocalException("Node " + node + " runs.");
        }
        launch(old.node());
        saveRunning();
    }

    /** Kills a node with SIGKILL, without a report of its death, and waits until it is gone. */
    public void kill(String node) {
        NodeProcess victim;
        synchronized (processes) {
            victim = process(node);
            victim.kill();
        }
        victim.onExit().join();
    }

    /**
     * Asks all nodes to stop and waits; those that take too long are killed. May be called again.
     *
     * @return ids of the nodes that did not stop cleanly
     */
    public List<String> stop() {
        List<NodeProcess> all;
        synchronized (processes) {
            stopping.set(true);
            all = new ArrayList<>(processes.values());
        }
        // One that ended before was reported then.
        all.removeIf(process -> !process.isAlive());
        all.forEach(NodeProcess::requestStop);
        List<String> unclean = new ArrayList<>();
        for (NodeProcess process : all) {
            if (!awaitStop(process)) {
                unclean.add(process.node().id());
            }
        }
        directory.forgetRunning();
        return unclean;
    }

    /** Stops. */
    @Override
    public void close() {
        stop();
    }

    private static boolean awaitStop(NodeProcess process) {
        try {
            return process.awaitStop(STOP_PATIENCE);
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void launch(LocalNode node) {
        NodeProcess process;
        // Under the lock, so that one started while all are being stopped is stopped too.
        synchronized (processes) {
            if (stopping.get()) {
                return;
            }
            process = NodeProcess.start(
                    node, directory.node(node), NodeConfigFile.write(directory, cluster, node), environment);
            processes.put(node.id(), process);
        }
        // Ctrl-C reaches the nodes too, and perhaps sooner than this process learns of it.
        var unused = process.onExit()
                .thenAcceptAsync(
                        code -> ended(process, code),
                        CompletableFuture.delayedExecutor(DEATH_GRACE_MS, TimeUnit.MILLISECONDS));
    }

    private void ended(NodeProcess process, int code) {
        if (!stopping.get() && !process.isKilled()) {
            onDeath.accept(new Death(process.node(), code, process.log().toString(), process.logTail(TAIL_LINES)));
        }
    }

    private void saveRunning() {
        synchronized (processes) {
            directory.save(new ClusterDirectory.Running(
                    ProcessHandle.current().pid(),
                    processes.values().stream()
                            .map(p -> new ClusterDirectory.NodePid(p.node().id(), p.pid()))
                            .toList()));
        }
    }

    private NodeProcess process(String node) {
        synchronized (processes) {
            @Nullable NodeProcess process = processes.get(node);
            if (process == null) {
                throw new LocalException("There is no node " + node + " in " + directory.root() + ".");
            }
            return process;
        }
    }
}
