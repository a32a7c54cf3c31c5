package io.eckermann.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of loopback that the kernel gives to nobody else, neither to listen at nor as the near end of a connection,
 * until this is closed. Who is told the numbers can listen there, and again when it restarts.
 */
public final class HeldPorts implements AutoCloseable {
    private final List<Socket> held = new ArrayList<>();

    public HeldPorts(int count) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        while (held.size() < count) {
            Socket socket = new Socket();
            held.add(socket);
            // Bound while it shares with nobody, so that none comes twice; from then on others may listen beside it.
            socket.bind(any);
            socket.setReuseAddress(true);
        }
    }

    public List<Integer> numbers() {
        return held.stream().map(Socket::getLocalPort).toList();
    }

    @Override
    public void close() {
        try {
            for (Socket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
