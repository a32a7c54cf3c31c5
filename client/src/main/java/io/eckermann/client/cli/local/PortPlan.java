package io.eckermann.client.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which ports the nodes get: consecutive ones from a base, or free ones when the base is 0.
 *
 * @param http first HTTP port, or 0
 * @param grpc first gRPC port, or 0
 * @param raft first Raft port, or 0
 */
public record PortPlan(int http, int grpc, int raft) {
    public static final int HTTP = 8081;
    public static final int GRPC = 7301;
    public static final int RAFT = 7401;

    /** Below the range from which Linux takes ports for outgoing connections, so a restart finds them free. */
    private static final int FREE_FROM = 15_000;

    private static final int FREE_TO = 32_000;
    private static final int PORT_MAX = 65_535;

    /** All free ports. */
    public static final PortPlan FREE = new PortPlan(0, 0, 0);

    /** Lays out that many nodes; ports chosen here are free now, but not held. */
    public List<LocalNode> nodes(int count) {
        Set<Integer> taken = new HashSet<>();
        List<LocalNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new LocalNode(
                    "n" + (i + 1),
                    port(raft, i, taken, "Raft"),
                    port(grpc, i, taken, "gRPC"),
                    port(http, i, taken, "HTTP")));
        }
        return nodes;
    }

    /**
     * Checks that nothing listens on the nodes' ports.
     *
     * @throws LocalException naming the first port in use, by whose door, and what to do
     */
    public static void checkFree(List<LocalNode> nodes) {
        for (LocalNode node : nodes) {
            checkFree(node.http(), "HTTP", node, "--http-port");
            checkFree(node.grpc(), "gRPC", node, "--grpc-port");
            checkFree(node.raft(), "Raft", node, "--raft-port");
        }
    }

    private static void checkFree(int port, String door, LocalNode node, String option) {
        if (!isFree(port)) {
            throw new LocalException(
                    "Port " + port + " (" + door + " of " + node.id() + ") is in use: stop what listens"
                            + " there (ss -ltnp 'sport = :" + port + "' shows it), or choose others with " + option
                            + " (0 takes free ones).");
        }
    }

    private static int port(int base, int index, Set<Integer> taken, String door) {
        if (base == 0) {
            return free(taken);
        }
        int port = base + index;
        if (port < 1 || port > PORT_MAX) {
            throw new LocalException("There is no port " + port + " for the " + door + " door: choose a lower base.");
        }
        if (!taken.add(port)) {
            throw new LocalException("Port " + port + " would be used twice: choose bases further apart.");
        }
        return port;
    }

    private static int free(Set<Integer> taken) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            if (!taken.contains(port) && isFree(port)) {
                taken.add(port);
                return port;
            }
        }
        throw new LocalException("No free port was found between " + FREE_FROM + " and " + FREE_TO + ".");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
