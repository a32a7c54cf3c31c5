package io.eckermann.client.cli;

import io.eckermann.client.ClusterStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStoreBuilder;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.Tls;
import io.eckermann.client.cli.Console.Style;
import io.eckermann.client.cli.local.ClusterDirectory;
import io.eckermann.client.cli.local.DevelopmentCertificates;
import io.eckermann.client.cli.local.LocalCluster;
import io.eckermann.client.cli.local.LocalException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A local cluster with the one who watches it: waits until it is ready, reports nodes that die, and stops it when the
 * process is asked to end. Used by the main thread; the end of the process comes on a thread of its own.
 */
final class LocalRun implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
    private static final Duration RESTART_WINDOW = Duration.ofMinutes(1);
    private static final int RESTARTS_MAX = 3;

    private final Console console;
    private final LocalCluster cluster;
    private final LinkedBlockingQueue<LocalCluster.Death> deaths;
    private final Thread atExit = new Thread(this::stopAtExit, "stop the nodes at exit");
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ClusterDirectory home;
    /** When each node was started again lately, by id. */
    private final Map<String, Deque<Long>> restartsNs = new HashMap<>();

    private int dead;
    private volatile boolean removesAtExit;

    private LocalRun(
            Console console,
            ClusterDirectory home,
            LocalCluster cluster,
            LinkedBlockingQueue<LocalCluster.Death> deaths) {
        this.console = console;
        this.home = home;
        this.cluster = cluster;
        this.deaths = deaths;
    }

    /** Starts all nodes; see {@link LocalCluster#start}. */
    static LocalRun start(Console console, ClusterDirectory home, ClusterDirectory.Cluster cluster) {
        LinkedBlockingQueue<LocalCluster.Death> deaths = new LinkedBlockingQueue<>();
        LocalRun run = new LocalRun(console, home, LocalCluster.start(home, cluster, deaths::add), deaths);
        Runtime.getRuntime().addShutdownHook(run.atExit);
        return run;
    }

    LocalCluster cluster() {
        return cluster;
    }

    /** Removes the data when the process is asked to end. */
    void removeAtExit() {
        removesAtExit = true;
    }

    /** With a node's certificate, as there is no key yet when they start. */
    private static Tls asNode(DevelopmentCertificates ours) {
        return Tls.trusting(ours.authorities()).identity(ours.certificate("node"), ours.key("node"));
    }

    private EventStore store() {
        EventStoreBuilder builder =
                EventStore.builder().endpoints(cluster.grpcAddresses()).requestTimeout(Duration.ofSeconds(2));
        home.cluster()
                .filter(ClusterDirectory.Cluster::tls)
                .map(encrypted -> asNode(home.certificates()))
                .ifPresent(builder::tls);
        return builder.build();
    }

    /** Waits until every node is ready and agrees that there is a leader. False, after a report, when one died or it takes too long. */
    boolean awaitReady(Duration atMost) throws InterruptedException {
        long startedNs = System.nanoTime();
        try (EventStore store = store()) {
            while (!isReady(store)) {
                long waitedNs = System.nanoTime() - startedNs;
                console.progress("Starting: " + cluster.ready().size() + " of "
                        + cluster.nodes().size() + " nodes are up, "
                        + TimeUnit.NANOSECONDS.toSeconds(waitedNs) + " s");
                LocalCluster.@Nullable Death death = deaths.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                if (death != null) {
                    report(death);
                    return false;
                }
                if (waitedNs > atMost.toNanos()) {
                    console.note("eckermann: The nodes are not ready after " + atMost.toSeconds()
                            + " s; their logs are in " + home.root() + "/n*/log/node.log.");
                    return false;
                }
            }
        }
        console.progressDone();
        return true;
    }

    /** Reports nodes that die, and starts them again if asked to; returns when none is left. */
    int awaitEnd(boolean restarts) throws InterruptedException {
        while (dead < cluster.nodes().size()) {
            LocalCluster.Death death = deaths.take();
            if (!restarts || !startAgain(death)) {
                report(death);
            }
        }
        console.note("eckermann: All nodes have ended.");
        return ExitCode.ERROR;
    }

    /** Stops the nodes. */
    @Override
    public void close() {
        cluster.stop();
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process ends already, and the hook stops the nodes.
        }
    }

    private boolean isReady(EventStore store) {
        if (cluster.ready().size() < cluster.nodes().size()) {
            return false;
        }
        try {
            ClusterStatus status = store.cluster().join();
            return status.leader().isPresent()
                    && status.nodes().size() == cluster.nodes().size()
                    && status.nodes().stream().allMatch(NodeStatus::ready);
        } catch (CompletionException e) {
            return false;
        }
    }

    /** Starts a dead node again after a pause; false when it died too often lately, or can't be started. */
    private boolean startAgain(LocalCluster.Death death) throws InterruptedException {
        String node = death.node().id();
        Deque<Long> lately = restartsNs.computeIfAbsent(node, id -> new ArrayDeque<>());
        long now = System.nanoTime();
        lately.removeIf(at -> now - at > RESTART_WINDOW.toNanos());
        if (lately.size() >= RESTARTS_MAX) {
            return false;
        }
        lately.add(now);
        console.note(console.styledNote(Style.RED, "Node " + node + " has ended") + " with exit code "
                + death.exitCode() + "; starting it again. Its log: " + death.log());
        if (ended.await(RESTART_DELAY.toMillis() * lately.size(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        try {
            cluster.restart(node);
            return true;
        } catch (LocalException e) {
            console.note("eckermann: " + e.getMessage());
            return false;
        }
    }

    private void report(LocalCluster.Death death) {
        dead++;
        int left = cluster.nodes().size() - dead;
        console.note(console.styledNote(Style.RED, "Node " + death.node().id() + " has ended")
                + " with exit code " + death.exitCode()
                + (left == 0 ? "." : "; " + left + " left. Ctrl-C and 'up' again brings it back.")
                + " The end of " + death.log() + ":");
        death.logTail().forEach(line -> console.note("  " + line));
    }

    /** Ends the process with 0: to be asked to stop is how a cluster ends well. */
    private void stopAtExit() {
        if (ended.getCount() == 0) {
            return;
        }
        console.progress("Stopping …");
        List<String> unclean = cluster.stop();
        if (unclean.isEmpty()) {
            console.note("Stopped.");
        } else {
            console.note("eckermann: " + String.join(", ", unclean)
                    + " did not stop cleanly; nothing acknowledged is lost.");
        }
        if (removesAtExit) {
            home.removeAll();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        Runtime.getRuntime().halt(unclean.isEmpty() ? ExitCode.OK : ExitCode.ERROR);
    }
}
