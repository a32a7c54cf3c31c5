package io.eckermann.chaos.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network on loopback: a proxy before every door. It carries streams, so a cut link holds what is sent, a slow one delays
 * it, and single packets can't be lost. Thread safe.
 */
public final class ProxyNetwork implements Network, AutoCloseable {
    private final Map<List<Integer>, Link> links = new ConcurrentHashMap<>();
    private final List<ServerSocket> doors = new CopyOnWriteArrayList<>();
    private final List<ProxyStream> streams = new CopyOnWriteArrayList<>();
    private final SocketOwners owners = new SocketOwners();
    final AtomicLong carried = new AtomicLong();
    final AtomicLong heldBack = new AtomicLong();
    final AtomicLong delayed = new AtomicLong();
    final AtomicLong corrupted = new AtomicLong();

    /** Opens a door of a node. */
    public void listen(int node, String address, String behind, int port) throws IOException {
        ServerSocket door = new ServerSocket(port, 128, InetAddress.getByName(address));
        doors.add(door);
        daemon(() -> accept(door, node, new InetSocketAddress(behind, port)), "proxy of n" + node);
    }

    private void accept(ServerSocket door, int node, InetSocketAddress behind) {
        while (!door.isClosed()) {
            try {
                Socket caller = door.accept();
                int from = owners.ownerOf(caller.getPort());
                daemon(() -> join(caller, from, node, behind), "proxied connection");
            } catch (IOException e) {
                // The door was closed, or the caller has gone already.
            }
        }
    }

    private void join(Socket caller, int from, int to, InetSocketAddress behind) {
        try {
            Socket called = new Socket();
            called.connect(behind);
            ProxyStream there = new ProxyStream(this, caller, called, from, to);
            ProxyStream back = new ProxyStream(this, called, caller, to, from);
            streams.add(there);
            streams.add(back);
            daemon(back::run, "proxied answers");
            there.run();
            streams.remove(there);
            streams.remove(back);
        } catch (IOException e) {
            closeQuietly(caller);
        }
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone anyway.
        }
    }

    static void daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A link as it is now. */
    Link linkBetween(int from, int to) {
        return links.getOrDefault(List.of(from, to), Link.GOOD);
    }

    public void runs(int node, long pid) {
        owners.owns(node, pid);
    }

    @Override
    public String name() {
        return "tcp-proxy";
    }

    @Override
    public void link(int from, int to, Link link) {
        for (int i = 0; i <= owners.nodesMax(); i++) {
            for (int j = 0; j <= owners.nodesMax(); j++) {
                if ((from == ALL || from == i) && (to == ALL || to == j)) {
                    links.put(List.of(i, j), link);
                }
            }
        }
        streams.forEach(ProxyStream::linkChanged);
    }

    @Override
    public Counts counts() {
        return new Counts(carried.get(), heldBack.get(), delayed.get(), 0, corrupted.get());
    }

    @Override
    public boolean knowsPackets() {
        return false;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket door : doors) {
            door.close();
        }
        streams.forEach(ProxyStream::close);
    }
}
