package io.eckermann.gateway.node;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A small DNS server, which knows SRV records of nodes in shop.local. Ends when it is closed. */
final class TestDns implements AutoCloseable {
    /** Ports by target, of a service. */
    private final Map<String, Map<String, Integer>> records = new ConcurrentHashMap<>();

    private final AtomicInteger asked = new AtomicInteger();
    private final DatagramSocket socket;

    TestDns() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::answer, "dns");
        server.setDaemon(true);
        server.start();
    }

    /** The setting of nodes for so many of them. */
    String setting(int nodes) {
        return "dns+srv://shop.local?nodes=" + nodes + "&server=127.0.0.1:" + socket.getLocalPort();
    }

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    /** From now on a node is at a host, with these ports. */
    void name(String target, int raft, int grpc, int http) {
        records.computeIfAbsent("_raft._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, raft);
        records.computeIfAbsent("_grpc._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, grpc);
        records.computeIfAbsent("_http._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, http);
    }

    private void answer() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                asked.incrementAndGet();
                byte[] answer = answer(buffer);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // The test is over.
                return;
            }
        }
    }

    /** The question once more, and an SRV record for each target. */
    private byte[] answer(byte[] asking) throws IOException {
        ByteBuffer question = ByteBuffer.wrap(asking);
        int id = question.getShort(0);
        question.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int end = question.position() + 4;
        Map<String, Integer> found = records.getOrDefault(name.toString(), Map.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(found.isEmpty() ? 0x8583 : 0x8580);
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(asking, 12, end - 12);
        for (Map.Entry<String, Integer> each : found.entrySet()) {
            byte[] target = labels(each.getKey());
            out.writeShort(0xc00c);
            out.writeShort(33);
            out.writeShort(1);
            out.writeInt(1);
            out.writeShort(6 + target.length);
            out.writeInt(0);
            out.writeShort(each.getValue());
            out.write(target);
        }
        return bytes.toByteArray();
    }

    private static byte[] labels(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
