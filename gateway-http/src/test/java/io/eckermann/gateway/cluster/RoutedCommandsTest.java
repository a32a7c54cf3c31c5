package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import io.eckermann.raftlog.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change of members asked of n1, while the test says who leads. */
final class RoutedCommandsTest {
    private static final Duration MINUTES = Duration.ofMinutes(9);
    private static final ChangeMembersRequest REMOVE_THIRD =
            ChangeMembersRequest.newBuilder().setRemove("n3").build();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void whoAsksHearsSoonThatNobodyLeadsThoughTheChangeMayTakeMinutes() {
        assertThatThrownBy(() -> commands(Duration.ofMillis(1), (String) null)
                        .change(REMOVE_THIRD, MINUTES)
                        .get(60, TimeUnit.SECONDS))
                .hasStackTraceContaining("NO_LEADER: No node leads: a majority of nodes must be up.");
        assertThat(asked).isEmpty();
    }

    @Test
    void changeGoesOnWithTheLeaderThatIsElectedMeanwhile() throws Exception {
        assertThat(commands(MINUTES, "n3", null, null, "n2")
                        .change(REMOVE_THIRD, MINUTES)
                        .get(60, TimeUnit.SECONDS)
                        .getMembersList())
                .containsExactly("n1", "n2");
        assertThat(asked).containsExactly("n3", "n2");
    }

    /** @param leaders one after the other, the last for ever */
    private ClusterCommands commands(Duration leaderlessMax, @Nullable String... leaders) {
        Iterator<@Nullable String> next = Arrays.asList(leaders).iterator();
        String[] last = new String[1];
        return new RoutedCommands(
                new Members(peer("n1", 1), List.of(peer("n2", 2), peer("n3", 3))),
                () -> {
                    last[0] = next.hasNext() ? next.next() : last[0];
                    return List.of(new Leadership(Leadership.Role.FOLLOWER, 1, last[0], false, 1, 1, -1));
                },
                new Node("n1"),
                Node::new,
                timer,
                leaderlessMax);
    }

    private static Peer peer(String id, int port) {
        return new Peer(id, new HostPort("raft", port), new HostPort("grpc", port), new HostPort("http", port));
    }

    /** Only n2 leads for certain. */
    private final class Node implements ClusterCommands {
        private final String id;

        Node(String id) {
            this.id = id;
        }

        @Override
        public CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
            asked.add(id);
            return id.equals("n2")
                    ? CompletableFuture.completedFuture(ChangeMembersResponse.newBuilder()
                            .addAllMembers(List.of("n1", "n2"))
                            .build())
                    : CompletableFuture.failedFuture(
                            new StoreException(ErrorCode.NOT_LEADER, "Leadership changed while the members did."));
        }

        @Override
        public CompletableFuture<TransferLeadershipResponse> transfer(
                TransferLeadershipRequest request, Duration timeout) {
            throw new AssertionError("nobody asks for that");
        }

        @Override
        public CompletableFuture<DrainResponse> drain(DrainRequest request, Duration timeout) {
            throw new AssertionError("nobody asks for that");
        }
    }
}
