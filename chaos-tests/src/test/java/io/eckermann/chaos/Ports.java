package io.eckermann.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below the range that outgoing connections take: a killed node must find its own free again. Nor are they those that
 * {@code up} takes, or the tests beside these, which could listen there before the node does.
 */
public final class Ports {
    private static final int EACH = 2_000;
    private static final int LOWEST = 9_000 + EACH * Integer.getInteger("test.fork", 1);

    private Ports() {}

    /** All were held at once, so none comes twice. */
    public static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            while (held.size() < count) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST + EACH);
                try {
                    held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                } catch (IOException e) {
                    // Somebody else's: try the next one.
                }
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
