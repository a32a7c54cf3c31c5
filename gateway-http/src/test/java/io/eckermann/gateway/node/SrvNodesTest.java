package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a small DNS server of its own. */
final class SrvNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Ports by target, of a service. */
    private final Map<String, Map<String, Integer>> records = new ConcurrentHashMap<>();

    private final AtomicInteger asked = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private DatagramSocket socket;

    @BeforeEach
    void serve() throws Exception {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::answer, "dns");
        server.setDaemon(true);
        server.start();
        name("n1.shop.local", 1);
        name("n2.shop.local", 2);
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    @Test
    void nodesAreFoundOnceAllAreNamed() throws Exception {
        Thread late = new Thread(() -> {
            while (asked.get() < 6) {
                Thread.onSpinWait();
            }
            name("n3.shop.local", 3);
        });
        late.start();
        List<Peer> nodes = SrvNodes.find(setting(3), PATIENCE);
        late.join();
        assertThat(nodes).extracting(Peer::id).containsExactly("n1", "n2", "n3");
        assertThat(nodes.get(2).raft()).isEqualTo(new HostPort("n3.shop.local", 7203));
        assertThat(nodes.get(2).grpc()).isEqualTo(new HostPort("n3.shop.local", 7303));
        assertThat(nodes.get(2).http()).isEqualTo(new HostPort("n3.shop.local", 8083));
    }

    @Test
    void fewerThanAreSaidAreNoList() {
        assertThatThrownBy(() -> SrvNodes.find(setting(3), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DNS names 2 of 3 nodes by SRV records of shop.local: [n1, n2]");
        assertThatThrownBy(() -> SrvNodes.find("dns+srv://shop.local", Duration.ZERO))
                .hasMessageContaining("is not of the form dns+srv://DOMAIN?nodes=3");
    }

    @Test
    void aNodesConfigurationMayNameThem() throws Exception {
        NodeConfig config = NodeConfig.load(null, Map.of(), List.of("nodes=" + setting(2), "node.id=n2"));
        assertThat(config.self().grpc()).isEqualTo(new HostPort("n2.shop.local", 7302));
        assertThat(config.others()).hasSize(1);
    }

    private String setting(int nodes) {
        return "dns+srv://shop.local?nodes=" + nodes + "&server=127.0.0.1:" + socket.getLocalPort();
    }

    private void name(String target, int number) {
        records.computeIfAbsent("_raft._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, 7200 + number);
        records.computeIfAbsent("_grpc._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, 7300 + number);
        records.computeIfAbsent("_http._tcp.shop.local", any -> new ConcurrentHashMap<>())
                .put(target, 8080 + number);
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
}
