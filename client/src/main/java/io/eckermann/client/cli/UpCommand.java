package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.cli.Console.Style;
import io.eckermann.client.cli.local.ClusterDirectory;
import io.eckermann.client.cli.local.LocalCluster;
import io.eckermann.client.cli.local.LocalException;
import io.eckermann.client.cli.local.LocalNode;
import io.eckermann.client.cli.local.PortPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a cluster on this machine and stays until it is told to stop. */
@Command(
        name = "up",
        description = "Starts a cluster on this machine, keeps its data in ./data, and stops it on Ctrl-C.",
        footer = {"", "  eckermann up", "  eckermann up --data /tmp/try --http-port 0 --grpc-port 0 --json"})
final class UpCommand extends Verb {
    private static final Duration FIRST_KEY_PATIENCE = Duration.ofSeconds(15);
    private static final Duration READY_PATIENCE = Duration.ofMinutes(3);

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where the nodes keep their data. Default: $" + ClusterOptions.DATA + ", else ./data.")
    private @Nullable Path data;

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            description = "How many nodes, 1 to " + LocalCluster.NODES_MAX + ". Default: 3, or as many as there are.")
    private int nodes;

    @Option(names = "--fresh", description = "Removes the cluster that is in the data directory first.")
    private boolean fresh;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description =
                    "The first node's HTTP port, the others follow; 0 takes free ones. Default: " + PortPlan.HTTP + ".")
    private int httpPort = -1;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description = "The same for gRPC. Default: " + PortPlan.GRPC + ".")
    private int grpcPort = -1;

    @Option(
            names = "--raft-port",
            paramLabel = "PORT",
            description = "The same among the nodes. Default: " + PortPlan.RAFT + ", free ones with --grpc-port 0.")
    private int raftPort = -1;

    @Option(
            names = "--tls",
            description = "Encrypts all connections of a new cluster, with certificates made in the data directory.")
    private boolean tls;

    @Option(
            names = "--secure",
            description = "Asks who calls, in a new cluster, and encrypts. The first key is found by other verbs here.")
    private boolean secure;

    @Option(
            names = "--json",
            description = "Writes one line when all nodes are ready: {\"nodes\":[{\"id\",\"http\",\"grpc\",\"pid\"}]}.")
    private boolean json;

    @Option(names = "--no-restart", description = "Leaves a node that ends by itself down, as for tests of faults.")
    private boolean noRestart;

    private boolean founded;

    @Override
    public Integer call() throws Exception {
        Path directory = data == null ? ClusterOptions.dataDirectory(main()) : data;
        try (ClusterDirectory home = new ClusterDirectory(directory)) {
            home.lock();
            ClusterDirectory.Cluster cluster = layout(home);
            long startedNs = System.nanoTime();
            try (LocalRun run = LocalRun.start(console(), home, cluster)) {
                if (!run.awaitReady(READY_PATIENCE)) {
                    return ExitCode.ERROR;
                }
                if (cluster.secure() && founded) {
                    awaitFirstKey(home, cluster);
                }
                Duration took = Duration.ofNanos(System.nanoTime() - startedNs);
                if (json) {
                    Json.print(console(), json(run.cluster()));
                } else {
                    welcome(run.cluster(), home, took);
                }
                return run.awaitEnd(!noRestart);
            }
        }
    }

    /** The leader makes it a moment after it is ready. */
    private static void awaitFirstKey(ClusterDirectory home, ClusterDirectory.Cluster cluster)
            throws InterruptedException {
        long untilNs = System.nanoTime() + FIRST_KEY_PATIENCE.toNanos();
        while (home.firstKey(cluster).isEmpty() && System.nanoTime() < untilNs) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private ClusterDirectory.Cluster layout(ClusterDirectory home) {
        if (nodes < 0 || nodes > LocalCluster.NODES_MAX) {
            throw new Failure.Usage("--nodes is 1 to " + LocalCluster.NODES_MAX + ".");
        }
        if (fresh) {
            home.removeCluster();
        }
        PortPlan ports = new PortPlan(
                httpPort < 0 ? PortPlan.HTTP : httpPort,
                grpcPort < 0 ? PortPlan.GRPC : grpcPort,
                raftPort < 0 ? (grpcPort == 0 ? 0 : PortPlan.RAFT) : raftPort);
        return home.cluster().map(there -> changed(home, there, ports)).orElseGet(() -> {
            List<LocalNode> laidOut = ports.nodes(nodes == 0 ? 3 : nodes);
            PortPlan.checkFree(laidOut);
            founded = true;
            return home.create(laidOut, tls || secure, secure);
        });
    }

    /** The cluster that is there, on other ports where these are asked for. */
    private ClusterDirectory.Cluster changed(ClusterDirectory home, ClusterDirectory.Cluster there, PortPlan ports) {
        int count = there.nodes().size();
        if (nodes != 0 && nodes != count) {
            throw new LocalException("The cluster in " + home.root() + " has " + count
                    + " nodes: leave out --nodes, or start anew with --fresh.");
        }
        if (tls && !there.tls()) {
            throw new LocalException("The cluster in " + home.root()
                    + " goes in plain text: leave out --tls, or start anew with --fresh.");
        }
        if (secure && !there.secure()) {
            throw new LocalException("The cluster in " + home.root()
                    + " lets in everybody: leave out --secure, or start anew with --fresh.");
        }
        if (httpPort <= 0 && grpcPort <= 0 && raftPort <= 0) {
            return there;
        }
        List<LocalNode> wanted = ports.nodes(count);
        List<LocalNode> changed = there.nodes().stream()
                .map(node -> {
                    LocalNode want = wanted.get(there.nodes().indexOf(node));
                    return new LocalNode(
                            node.id(),
                            raftPort > 0 ? want.raft() : node.raft(),
                            grpcPort > 0 ? want.grpc() : node.grpc(),
                            httpPort > 0 ? want.http() : node.http());
                })
                .toList();
        PortPlan.checkFree(changed);
        ClusterDirectory.Cluster saved =
                new ClusterDirectory.Cluster(there.cluster(), changed, there.tls(), there.secure());
        home.save(saved);
        return saved;
    }

    private static ObjectNode json(LocalCluster cluster) {
        ObjectNode line = Json.object();
        ArrayNode all = line.putArray("nodes");
        for (LocalNode node : cluster.nodes()) {
            all.addObject()
                    .put("id", node.id())
                    .put("http", node.httpAddress())
                    .put("grpc", node.grpcAddress())
                    .put("pid", cluster.pid(node.id()));
        }
        return line;
    }

    private void welcome(LocalCluster cluster, ClusterDirectory home, Duration took) {
        Console console = console();
        console.line(console.styled(Style.GREEN, "Ready")
                + " after %.1f s: %d nodes, data in %s"
                        .formatted(took.toMillis() / 1000.0, cluster.nodes().size(), home.root()));
        console.line("");
        Table table = new Table("NODE", "GRPC", "HTTP", "PID");
        for (LocalNode node : cluster.nodes()) {
            table.row(node.id(), node.grpcAddress(), url(node, home), cluster.pid(node.id()));
        }
        table.print(console);
        LocalNode first = cluster.nodes().get(0);
        String command = System.getProperty("eckermann.command", "eckermann");
        boolean isDefault = data == null;
        String endpoints = isDefault ? "" : " --endpoints " + first.grpcAddress();
        home.cluster()
                .flatMap(home::firstKey)
                .ifPresent(file -> console.line("The first administrator's key, which other verbs find here: " + file));
        console.line("");
        console.line("Send the first event, from another terminal:");
        console.line("  " + command + " topic create hello" + endpoints);
        console.line("  " + command + " append hello 'Hello, world'" + endpoints);
        console.line("  " + command + " tail hello" + endpoints);
        console.line("or over HTTP:");
        String curl =
                "  curl " + (encrypts(home) ? "--cacert " + home.certificates().authorities() + " " : "");
        console.line(curl + "-X PUT " + url(first, home) + "/v1/topics/hello"
                + " -H 'Content-Type: application/json' -d '{}'");
        console.line(curl + url(first, home) + "/v1/topics/hello/events"
                + " -H 'Content-Type: application/json' -d '{\"type\":\"Greeted\",\"data\":{\"name\":\"world\"}}'");
        console.line(curl + url(first, home) + "/v1/topics/hello/events");
        console.line("See what it can do: " + command + " demo" + (isDefault ? "" : " --data " + home.root()));
        console.line("");
        console.line("Ctrl-C stops it.");
        console.flush();
    }

    private static boolean encrypts(ClusterDirectory home) {
        return home.cluster().map(ClusterDirectory.Cluster::tls).orElse(false);
    }

    private static String url(LocalNode node, ClusterDirectory home) {
        return (encrypts(home) ? "https://" : "http://") + node.httpAddress();
    }
}
