package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.protocol.v1.ClusterView;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Real nodes n1, n2, … in this JVM, on free loopback ports, with their data below one directory. Nodes can be stopped
 * and started again on the same data.
 */
public final class TestCluster implements AutoCloseable {
    private static final int DOORS = 3;

    private final Path root;
    private final HeldPorts held;
    private final String nodesSetting;
    private final List<String> settings;
    private final TreeMap<String, List<Integer>> ports = new TreeMap<>();
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, Clock> clocks = new ConcurrentHashMap<>();
    private final List<String> failStops = new CopyOnWriteArrayList<>();

    /**
     * Reserves ports, starts nothing.
     *
     * @param settings key=value, for all nodes
     */
    public TestCluster(Path root, int size, String... settings) throws IOException {
        this.root = root;
        this.settings = Arrays.asList(settings);
        this.held = new HeldPorts(size * DOORS);
        List<Integer> free = held.numbers();
        for (int i = 0; i < size; i++) {
            ports.put("n" + (i + 1), free.subList(i * DOORS, (i + 1) * DOORS));
        }
        this.nodesSetting = nodes(ports.keySet().toArray(String[]::new));
    }

    public List<String> ids() {
        return List.copyOf(ports.keySet());
    }

    public Path dataDirectory(String id) {
        return root.resolve(id);
    }

    /** Gives a node another clock from its next start on. */
    public void clock(String id, Clock clock) {
        clocks.put(id, clock);
    }

    /** Why nodes wanted to end their process. */
    public List<String> failStops() {
        return failStops;
    }

    public NodeConfig config(String id, String... more) throws ConfigException {
        List<String> all = new ArrayList<>(List.of(
                nodesSetting,
                "node.id=" + id,
                "node.data-directory=" + dataDirectory(id),
                "raft.election-timeout-min=600ms",
                "raft.election-timeout-max=1200ms",
                "shutdown.timeout=500ms"));
        all.addAll(settings);
        all.addAll(Arrays.asList(more));
        return NodeConfig.load(null, Map.of(), all);
    }

    /** Starts nodes at the same time; returns when all are ready. */
    public void start(String... ids) throws Exception {
        startWithoutWaiting(ids).get(60, TimeUnit.SECONDS);
        for (String id : ids) {
            node(id).ready().get(60, TimeUnit.SECONDS);
        }
    }

    public void startAll() throws Exception {
        start(ids().toArray(String[]::new));
    }

    /** The setting of nodes with these alone. */
    public String nodes(String... ids) {
        List<String> list = new ArrayList<>();
        for (String id : ids) {
            List<Integer> own = Objects.requireNonNull(ports.get(id));
            list.add(String.format(
                    "{id: %s, raft: '127.0.0.1:%d', grpc: '127.0.0.1:%d', http: '127.0.0.1:%d'}",
                    id, own.get(0), own.get(1), own.get(2)));
        }
        return "nodes=[" + String.join(", ", list) + "]";
    }

    /**
     * Starts a node with settings of its own; completes when its doors are open.
     *
     * @param more key=value, which count more than those for all nodes
     */
    public CompletableFuture<Void> startWith(String id, String... more) throws ConfigException {
        return starting(id, config(id, more));
    }

    /** Starts nodes at the same time; completes when their doors are open, or fails as the first one that can't. */
    public CompletableFuture<Void> startWithoutWaiting(String... ids) throws ConfigException {
        List<CompletableFuture<Void>> starting = new ArrayList<>();
        for (String id : ids) {
            starting.add(starting(id, config(id)));
        }
        return CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> starting(String id, NodeConfig config) {
        Node node = new Node(
                config, clocks.getOrDefault(id, Clock.systemUTC()), (why, cause) -> failStops.add(id + ": " + why));
        nodes.put(id, node);
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        node.start();
                        started.complete(null);
                    } catch (Exception e) {
                        started.completeExceptionally(e);
                    }
                },
                "start " + id);
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    public void stop(String id) {
        Node node = nodes.remove(id);
        if (node != null) {
            node.close();
            awaitFreePorts(id);
        }
    }

    private void awaitFreePorts(String id) {
        try {
            Await.until("the end of listening of " + id, () -> areFree(Objects.requireNonNull(ports.get(id))));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean areFree(List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                Objects.requireNonNull(socket);
            } catch (BindException e) {
                return false;
            }
        }
        return true;
    }

    public void stopAll() {
        ids().parallelStream().forEach(this::stop);
    }

    public Node node(String id) {
        return Objects.requireNonNull(nodes.get(id), id);
    }

    /** A node's inside, for what no door shows. */
    Node.Running running(String id) {
        return Objects.requireNonNull(node(id).running(), id);
    }

    public ClusterView view(String id) {
        return running(id).cluster().view();
    }

    /** Waits until all running nodes name the same running leader. */
    public String awaitLeader() throws Exception {
        Await.until(
                "one leader",
                () -> leaders().size() == 1 && nodes.containsKey(leaders().get(0)));
        return leaders().get(0);
    }

    /** A running node that does not lead. */
    public String follower() throws Exception {
        String leader = awaitLeader();
        return nodes.keySet().stream()
                .filter(id -> !id.equals(leader))
                .sorted()
                .findFirst()
                .orElseThrow();
    }

    private List<String> leaders() {
        return nodes.keySet().stream()
                .map(id -> view(id).getLeader())
                .distinct()
                .toList();
    }

    /** host:port of a node's gRPC door. */
    public String grpcAddress(String id) {
        return "127.0.0.1:" + Objects.requireNonNull(ports.get(id)).get(1);
    }

    /** host:port of a node's HTTP door. */
    public String httpAddress(String id) {
        return "127.0.0.1:" + Objects.requireNonNull(ports.get(id)).get(2);
    }

    /** A connection to a node, kept until the cluster closes. */
    public ManagedChannel channel(String id) {
        return channels.computeIfAbsent(id, any -> {
            HostPort address = HostPort.parse(grpcAddress(any));
            return NettyChannelBuilder.forAddress(address.host(), address.port())
                    .usePlaintext()
                    .build();
        });
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        stopAll();
        try {
            for (ManagedChannel channel : channels.values()) {
                channel.awaitTermination(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        held.close();
    }
}
