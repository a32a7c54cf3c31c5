package io.eckermann.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MovedPeerTest {
    private static Peer peer(String id, int number) {
        return new Peer(
                id,
                new HostPort("raft-" + number, number),
                new HostPort("grpc-" + number, number),
                new HostPort("http-" + number, number));
    }

    @Test
    void aPeerThatMovedIsConnectedToWhereItIsNow() {
        Members members = new Members(peer("n1", 1), List.of(peer("n2", 2)));
        try (PeerChannels channels = new PeerChannels(members, Runnable::run, null)) {
            ManagedChannel before = channels.channel("n2");
            assertThat(members.moved(List.of(peer("n1", 4), peer("n2", 2), peer("n9", 9))))
                    .isEmpty();
            channels.dropOthers();
            assertThat(channels.channel("n2")).isSameAs(before);

            assertThat(members.moved(List.of(peer("n2", 3)))).containsExactly(peer("n2", 3));
            assertThat(members.all()).containsExactly(peer("n1", 1), peer("n2", 3));
            channels.dropOthers();
            assertThat(before.isShutdown()).isTrue();
            assertThat(channels.channel("n2").authority()).isEqualTo("grpc-3:3");
        }
    }
}
