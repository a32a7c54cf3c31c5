package io.eckermann.raftlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftConfigTest {
    private static final Member N1 = new Member("n1", "host-1:9001");
    private static final Member N2 = new Member("n2", "host-2:9002");

    @Test
    void theSameClusterIdGivesTheSameGroupEverywhere() {
        RaftConfig one = RaftConfig.of("n1", List.of(N1, N2), "blue", Path.of("a"));
        RaftConfig two = RaftConfig.of("n2", List.of(N1, N2), "blue", Path.of("b"));
        RaftConfig other = RaftConfig.of("n1", List.of(N1, N2), "green", Path.of("a"));
        assertThat(one.groupId()).isEqualTo(two.groupId()).isNotEqualTo(other.groupId());
        assertThat(two.port()).isEqualTo(9002);
    }

    @Test
    void wrongValuesAreNamed() {
        assertRefused(() -> RaftConfig.of("n3", List.of(N1, N2), "blue", Path.of("a")), "n3 is not among");
        assertRefused(() -> RaftConfig.of("n1", List.of(N1, N1), "blue", Path.of("a")), "two members");
        assertRefused(() -> RaftConfig.of("n1", List.of(N1), " ", Path.of("a")), "clusterId");
        assertRefused(() -> RaftConfig.of("n1", List.of(new Member("n1", "host")), "blue", Path.of("a")), "host:port");
        assertRefused(
                () -> RaftConfig.of("n1", List.of(new Member("n1", "host:70000")), "blue", Path.of("a")), "70000");
        assertRefused(() -> new RaftConfig.Elections(Duration.ofSeconds(1), Duration.ofSeconds(1)), "timeoutMax");
        assertRefused(() -> new RaftConfig.Snapshots(0, Duration.ofSeconds(1), 0, 1 << 20), "everyBytes");
    }

    private static void assertRefused(Runnable construct, String message) {
        assertThatThrownBy(construct::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
