package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.Single;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rolling upgrade to a version that writes a later format, as the leader sees it. */
final class FormatAgreementTest {
    private static final int LATER = CommandCodec.FORMAT_FIRST + 1;

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private StateMachine state;

    private final List<Operation> proposed = new ArrayList<>();
    private Leadership.Role role = Leadership.Role.LEADER;

    @BeforeEach
    void open() throws Exception {
        state = StateMachine.open(directory);
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void aLaterFormatIsAgreedOnOnceAllNodesKnowIt() {
        int[] known = {CommandCodec.FORMAT_FIRST};
        FormatWatch watch = new FormatWatch(shard(), log::leadership, () -> known[0], Runnable::run);
        watch.look();
        assertThat(proposed).isEmpty();

        known[0] = LATER;
        role = Leadership.Role.FOLLOWER;
        watch.look();
        assertThat(proposed).isEmpty();

        role = Leadership.Role.LEADER;
        watch.look();
        assertThat(proposed).containsExactly(new Operation.RaiseFormat(LATER));
        assertThat(state.view().agreedFormat()).isEqualTo(LATER);

        watch.look();
        assertThat(proposed).as("it was agreed on").hasSize(1);
    }

    @Test
    void nothingIsWrittenThatANodeCouldNotRead() {
        Operation later = new Operation.DeleteTopic(7);
        FormatGate gate = new FormatGate(
                log,
                state.view()::agreedFormat,
                operation -> operation.equals(later) ? LATER : CommandCodec.formatOf(operation),
                LATER);
        assertThatThrownBy(() -> gate.submit(later).get())
                .hasCauseInstanceOf(StoreException.class)
                .hasMessageContaining("once the last one has been upgraded");
        assertThat(gate.submit(new Operation.DeleteTopic(1))).isCompleted();
        assertThat(gate.submit(new Operation.RaiseFormat(LATER))).isCompleted();
        assertThat(gate.submit(later)).isCompleted();
        assertThat(proposed).hasSize(3);
    }

    @Test
    void aNodeThatDoesNotAnswerCountsAsOfTheFirstRelease() {
        Map<String, Integer> said = new TreeMap<>();
        PeerTable table = new PeerTable(
                "eckermann",
                () -> List.of(peer("n2"), peer("n3")),
                peer -> CompletableFuture.supplyAsync(() -> status(peer, said.get(peer)), Runnable::run),
                Clock.systemUTC());
        said.put("n2", LATER);
        table.poll();
        assertThat(table.commandFormat(LATER)).isEqualTo(CommandCodec.FORMAT_FIRST);
        said.put("n3", 0);
        table.poll();
        assertThat(table.commandFormat(LATER)).isEqualTo(CommandCodec.FORMAT_FIRST);
        said.put("n3", LATER + 1);
        table.poll();
        assertThat(table.commandFormat(LATER)).isEqualTo(LATER);
        assertThat(table.commandFormat(CommandCodec.FORMAT_FIRST)).isEqualTo(CommandCodec.FORMAT_FIRST);
    }

    private static Peer peer(String id) {
        HostPort door = new HostPort("127.0.0.1", 1);
        return new Peer(id, door, door, door);
    }

    private static GetStatusResponse status(String peer, @Nullable Integer format) {
        return GetStatusResponse.newBuilder()
                .setClusterId("eckermann")
                .setNode(NodeView.newBuilder().setId(peer))
                .setCommandFormat(Objects.requireNonNull(format, "it is away"))
                .build();
    }

    private Shard shard() {
        return new Shard(
                state.view(),
                state.headSignal(),
                (operation, timeout) -> log.submit(operation),
                timeout -> log.linearizable());
    }

    private final CommandLog log = new CommandLog() {
        @Override
        public CompletableFuture<Result> submit(Operation operation) {
            proposed.add(operation);
            RaftIndex at = new RaftIndex(1, state.applied().index() + 1);
            Result result = state.apply(at, new Command(1_000, List.of(new Single(operation))))
                    .get(0);
            state.whenVisible(at.index()).orTimeout(60, TimeUnit.SECONDS).join();
            return CompletableFuture.completedFuture(result);
        }

        @Override
        public Leadership leadership() {
            return new Leadership(role, 1, "n1", true, 1, 1, 1);
        }

        @Override
        public CompletableFuture<Void> linearizable() {
            return CompletableFuture.completedFuture(null);
        }
    };
}
