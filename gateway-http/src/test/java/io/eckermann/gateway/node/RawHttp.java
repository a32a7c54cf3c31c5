package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes that are sent to a port as they are. */
final class RawHttp {
    private static final int LONG_MS = 20_000;

    private RawHttp() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Socket connect(HostPort door) throws IOException {
        Socket socket = new Socket(door.host(), door.port());
        socket.setSoTimeout(LONG_MS);
        return socket;
    }

    /** What the door says until it closes; nothing when it resets the connection. */
    static String answer(HostPort door, String request) throws IOException {
        try (Socket socket = connect(door)) {
            socket.getOutputStream().write(bytes(request));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the node neither answers nor closes", e);
        } catch (IOException reset) {
            return "";
        }
    }

    /** Sends it over and over; false when the other side has not ended that after a while. */
    static boolean isEnded(Socket socket, byte[] part) {
        long startNs = System.nanoTime();
        try {
            while (System.nanoTime() - startNs < LONG_MS * 1_000_000L) {
                socket.getOutputStream().write(part);
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }
}
