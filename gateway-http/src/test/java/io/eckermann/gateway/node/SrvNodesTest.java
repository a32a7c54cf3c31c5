package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a small DNS server of its own. */
final class SrvNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @SuppressWarnings("NullAway.Init") // opened before each test
    private TestDns dns;

    @BeforeEach
    void serve() throws Exception {
        dns = new TestDns();
        name("n1.shop.local", 1);
        name("n2.shop.local", 2);
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void nodesAreFoundOnceAllAreNamed() throws Exception {
        Thread late = new Thread(() -> {
            while (dns.asked() < 6) {
                Thread.onSpinWait();
            }
            name("n3.shop.local", 3);
        });
        late.start();
        List<Peer> nodes = SrvNodes.of(dns.setting(3)).await(PATIENCE);
        late.join();
        assertThat(nodes).extracting(Peer::id).containsExactly("n1", "n2", "n3");
        assertThat(nodes.get(2).raft()).isEqualTo(new HostPort("n3.shop.local", 7203));
        assertThat(nodes.get(2).grpc()).isEqualTo(new HostPort("n3.shop.local", 7303));
        assertThat(nodes.get(2).http()).isEqualTo(new HostPort("n3.shop.local", 8083));
    }

    @Test
    void fewerThanAreSaidAreNoList() {
        assertThatThrownBy(() -> SrvNodes.of(dns.setting(3)).await(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DNS names 2 of 3 nodes by SRV records of shop.local: [n1, n2]");
        assertThatThrownBy(() -> SrvNodes.of("dns+srv://shop.local"))
                .hasMessageContaining("is not of the form dns+srv://DOMAIN?nodes=3");
    }

    @Test
    void aNodesConfigurationMayNameThem() throws Exception {
        NodeConfig config = NodeConfig.load(null, Map.of(), List.of("nodes=" + dns.setting(2), "node.id=n2"));
        assertThat(config.self().grpc()).isEqualTo(new HostPort("n2.shop.local", 7302));
        assertThat(config.others()).hasSize(1);
    }

    private void name(String target, int number) {
        dns.name(target, 7200 + number, 7300 + number, 8080 + number);
    }
}
