package io.eckermann.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a node that can fall silent: connections stay as they are, and nothing passes any more. */
final class SilentDoor implements Closeable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress node;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private volatile boolean silent;

    SilentDoor(String address) throws IOException {
        node = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    void fallSilent() {
        silent = true;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            open.add(client);
            Socket beyond = new Socket();
            open.add(beyond);
            beyond.connect(node);
            start(() -> pass(client, beyond));
            start(() -> pass(beyond, client));
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[8_192];
        for (int read = from.getInputStream().read(bytes);
                read >= 0;
                read = from.getInputStream().read(bytes)) {
            if (!silent) {
                to.getOutputStream().write(bytes, 0, read);
            }
        }
        if (!silent) {
            to.shutdownOutput();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Closeable each : open) {
            each.close();
        }
    }
}
