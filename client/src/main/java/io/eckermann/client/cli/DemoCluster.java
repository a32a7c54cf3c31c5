package io.eckermann.client.cli;

import io.eckermann.client.ClusterStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.cli.local.ClusterDirectory;
import io.eckermann.client.cli.local.LocalException;
import io.eckermann.client.cli.local.PortPlan;
import io.eckermann.client.cli.local.RunningNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cluster that the demo shows: one that runs already, or one of its own that leaves nothing behind. */
final class DemoCluster implements AutoCloseable {
    private static final Duration READY_PATIENCE = Duration.ofMinutes(3);
    private static final Duration BACK_PATIENCE = Duration.ofSeconds(30);
    private static final int NODES = 3;

    private final List<String> addresses;
    private final @Nullable RunningNodes running;
    private final @Nullable LocalRun own;
    private final @Nullable ClusterDirectory ownHome;

    private DemoCluster(
            List<String> addresses,
            @Nullable RunningNodes running,
            @Nullable LocalRun own,
            @Nullable ClusterDirectory ownHome) {
        this.addresses = addresses;
        this.running = running;
        this.own = own;
        this.ownHome = ownHome;
    }

    /** A cluster that runs already at these addresses, perhaps by an {@code up} on this data directory. */
    static DemoCluster running(List<String> addresses, Path data) {
        Optional<RunningNodes> nodes =
                RunningNodes.find(data).filter(found -> found.grpcAddresses().containsAll(addresses));
        return new DemoCluster(addresses, nodes.orElse(null), null, null);
    }

    /** Starts three nodes on free ports in a directory that is removed at the end. */
    static DemoCluster startOwn(Console console) throws IOException, InterruptedException {
        ClusterDirectory home = new ClusterDirectory(Files.createTempDirectory("eckermann-demo"));
        home.lock();
        LocalRun run = LocalRun.start(console, home, home.create(PortPlan.FREE.nodes(NODES)));
        DemoCluster started = new DemoCluster(run.cluster().grpcAddresses(), null, run, home);
        run.removeAtExit();
        if (!run.awaitReady(READY_PATIENCE)) {
            started.close();
            throw new LocalException("The demo's own cluster did not start.");
        }
        return started;
    }

    boolean isOwn() {
        return own != null;
    }

    List<String> addresses() {
        return addresses;
    }

    Path home() {
        return ownHome == null ? Path.of("") : ownHome.root();
    }

    /** Whether this node's process is known to be one of ours. */
    boolean canKill(String node) {
        return own != null || (running != null && running.canKill(node));
    }

    /** Kills a node with SIGKILL. */
    void kill(String node) {
        if (own != null) {
            own.cluster().kill(node);
        } else if (running != null) {
            running.kill(node);
        }
    }

    /**
     * Starts a killed node of the demo's own cluster again, or leaves that to the {@code up} that runs it, and waits until
     * it is ready. False when it does not come back in time.
     */
    boolean restart(String node, EventStore store) throws InterruptedException {
        if (own == null) {
            return awaitBack(node, store);
        }
        own.cluster().restart(node);
        return own.awaitReady(READY_PATIENCE);
    }

    private static boolean awaitBack(String node, EventStore store) throws InterruptedException {
        long deadlineNs = System.nanoTime() + BACK_PATIENCE.toNanos();
        while (System.nanoTime() < deadlineNs) {
            try {
                ClusterStatus status = store.cluster().join();
                if (status.nodes().stream().anyMatch(known -> known.id().equals(node) && known.ready())) {
                    return true;
                }
            } catch (CompletionException e) {
                // Asked again below.
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return false;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
        if (ownHome != null) {
            ownHome.removeAll();
        }
    }
}
