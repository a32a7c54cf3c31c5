package io.eckermann.gateway.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A connection of HTTP/2 (RFC 9113) that says what it is told to, also what no client would. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_HEADERS = 4;

    private static final int HEAD_BYTES = 9;
    private static final int LITERAL_WITHOUT_INDEXING = 0;

    private final Socket socket;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    RawHttp2(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        waiting.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        flush();
    }

    /** Adds a frame to what is sent next. */
    RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        return frame(payload.length, type, flags, stream, payload);
    }

    /** One whose head says another length. */
    RawHttp2 frame(int length, int type, int flags, int stream, byte[] payload) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags);
        head.putInt(stream);
        waiting.writeBytes(head.array());
        waiting.writeBytes(payload);
        return this;
    }

    /** The head of a call that the door knows, on a stream. */
    RawHttp2 call(int stream, String path) {
        return frame(HEADERS, END_HEADERS, stream, callHeaders(path));
    }

    static byte[] callHeaders(String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", "POST");
        header(block, ":scheme", "http");
        header(block, ":path", path);
        header(block, ":authority", "x");
        header(block, "te", "trailers");
        header(block, "content-type", "application/grpc");
        return block.toByteArray();
    }

    /** Without indexing and without Huffman's code. */
    static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(LITERAL_WITHOUT_INDEXING);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length;
        if (rest < 127) {
            block.write(rest);
        } else {
            block.write(127);
            for (rest -= 127; rest >= 128; rest >>= 7) {
                block.write((rest & 127) | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** Sends; false when the other side has had enough. */
    boolean flush() {
        try {
            waiting.writeTo(socket.getOutputStream());
            socket.getOutputStream().flush();
            return true;
        } catch (IOException closed) {
            return false;
        } finally {
            waiting.reset();
        }
    }

    /** Reads until the other side closes; false when it does not within the socket's timeout. */
    boolean isClosedByPeer() {
        try {
            InputStream in = socket.getInputStream();
            byte[] thrownAway = new byte[1 << 14];
            while (in.read(thrownAway) >= 0) {
                // What it says before it closes is not looked at.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
