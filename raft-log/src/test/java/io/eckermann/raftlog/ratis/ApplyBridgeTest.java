package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyBridgeTest {
    @TempDir
    Path directory;

    private final List<String> stops = new ArrayList<>();
    private final AtomicLong flushed = new AtomicLong(Long.MAX_VALUE);
    private StateMachine state;

    @BeforeEach
    void open() throws IOException {
        state = StateMachine.open(directory);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private ApplyBridge bridge() {
        SnapshotFetch nowhere = (nodeId, least, into) -> {
            throw new IOException("no node");
        };
        return bridge(nowhere, Runnable::run);
    }

    private ApplyBridge bridge(SnapshotFetch fetch, Executor downloads) {
        ApplyBridge bridge = new ApplyBridge(state, fetch, (reason, cause) -> stops.add(reason), downloads, () -> {});
        bridge.flushedUpTo(flushed::get);
        return bridge;
    }

    @Test
    void aFailedLogStopsTheNode() {
        ApplyBridge bridge = bridge();
        bridge.notifyLogFailed(new IOException("no space"), null);
        assertThat(stops).containsExactly("The Raft log could not be written: check the disk.");
        assertThatThrownBy(() -> bridge.applyTransaction(entry(0, create("a"))).join())
                .isInstanceOf(IllegalStateException.class);
        assertThat(state.applied()).isEqualTo(RaftIndex.NONE);
    }

    @Test
    void anUnreadableEntryStopsTheNodeAndIsNotPassedOver() {
        ApplyBridge bridge = bridge();
        assertThatThrownBy(() -> bridge.applyTransaction(entry(0, ByteString.copyFromUtf8("\377\377 noise")))
                        .join())
                .isInstanceOf(IllegalStateException.class);
        assertThat(stops).hasSize(1).first().asString().startsWith("Entry 0 of the Raft log");
        assertThatThrownBy(() -> bridge.applyTransaction(entry(1, create("a"))).join())
                .isInstanceOf(IllegalStateException.class);
        assertThat(state.applied()).isEqualTo(RaftIndex.NONE);
    }

    @Test
    void aReplayAtOrBelowWhatIsDurableIsSkipped() throws Exception {
        bridge().applyTransaction(entry(0, create("a"))).get();
        bridge().notifyTermIndexUpdated(1, 1);
        state.close();
        state = StateMachine.open(directory);
        ApplyBridge bridge = bridge();
        assertThat(bridge.coveredIndex()).isEqualTo(1);
        assertThat(bridge.getLastAppliedTermIndex().getIndex()).isEqualTo(1);
        // Not even decoded.
        bridge.applyTransaction(entry(0, ByteString.copyFromUtf8("noise"))).get();
        bridge.notifyTermIndexUpdated(1, 1);
        assertThat(stops).isEmpty();
        assertThat(state.applied()).isEqualTo(new RaftIndex(1, 1));
    }

    @Test
    void theStateDoesNotRunAheadOfTheLogOnDisk() throws Exception {
        flushed.set(4);
        ApplyBridge bridge = bridge();
        CompletableFuture<?> applied = CompletableFuture.runAsync(
                () -> bridge.applyTransaction(entry(5, create("a"))).join(), task -> new Thread(task).start());
        bridge.notifyTermIndexUpdated(1, 4);
        assertThat(applied).isNotDone();
        flushed.set(5);
        applied.get(30, TimeUnit.SECONDS);
        Await.until("entry 5", () -> state.applied().index() == 5);
    }

    @Test
    void pausingAndComingBackFollowTheLifeCycle() throws Exception {
        ApplyBridge bridge = bridge();
        bridge.getLifeCycle().transition(LifeCycle.State.STARTING);
        bridge.getLifeCycle().transition(LifeCycle.State.RUNNING);
        bridge.pause();
        bridge.pause();
        assertThat(bridge.getLifeCycleState()).isEqualTo(LifeCycle.State.PAUSED);
        bridge.reinitialize();
        assertThat(bridge.getLifeCycleState()).isEqualTo(LifeCycle.State.RUNNING);
    }

    @Test
    void theNextSnapshotIsNotFetchedBeforeTheLastOneIsInPlace() throws Exception {
        ApplyBridge bridge =
                bridge((nodeId, least, into) -> snapshotOfAnother(least, into), task -> new Thread(task).start());
        bridge.getLifeCycle().transition(LifeCycle.State.STARTING);
        bridge.getLifeCycle().transition(LifeCycle.State.RUNNING);
        fetch(bridge, 5).get(30, TimeUnit.SECONDS);
        CompletableFuture<?> second = fetch(bridge, 9);
        bridge.pause();
        assertThat(second).isNotDone();
        bridge.reinitialize();
        assertThat(state.applied().index()).isEqualTo(5);
        second.get(30, TimeUnit.SECONDS);
        bridge.pause();
        bridge.reinitialize();
        assertThat(state.applied().index()).isEqualTo(9);
        assertThat(stops).isEmpty();
    }

    private static CompletableFuture<?> fetch(ApplyBridge bridge, long upTo) {
        return bridge.notifyInstallSnapshotFromLeader(
                RoleInfoProto.getDefaultInstance(), TermIndex.valueOf(1, upTo + 1));
    }

    private RaftIndex snapshotOfAnother(long index, Path into) throws IOException {
        try (StateMachine other = StateMachine.open(directory.resolve("other" + index))) {
            RaftIndex at = new RaftIndex(1, index);
            other.skip(at);
            Path from = other.takeSnapshot().directory();
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, into.resolve(from.relativize(file)));
                }
            }
            return at;
        }
    }

    @Test
    void bytesPassBetweenTheTwoProtobufsUncopied() {
        byte[] array = {1, 2, 3, 4};
        com.google.protobuf.ByteString ours =
                com.google.protobuf.UnsafeByteOperations.unsafeWrap(array).substring(1, 3);
        ByteString theirs = SharedBytes.toRatis(ours);
        com.google.protobuf.ByteString back = SharedBytes.fromRatis(theirs);
        assertThat(theirs.toByteArray()).containsExactly(2, 3);
        array[1] = 9;
        assertThat(theirs.byteAt(0)).isEqualTo((byte) 9);
        assertThat(back.byteAt(0)).isEqualTo((byte) 9);
    }

    private TransactionContext entry(long index, ByteString data) {
        return TransactionContext.newBuilder()
                .setStateMachine(bridge())
                .setServerRole(RaftPeerRole.FOLLOWER)
                .setLogEntry(LogEntryProto.newBuilder()
                        .setTerm(1)
                        .setIndex(index)
                        .setStateMachineLogEntry(
                                StateMachineLogEntryProto.newBuilder().setLogData(data))
                        .build())
                .build();
    }

    private static ByteString create(String topic) {
        CommandBuilder builder = new CommandBuilder();
        builder.add(new Operation.CreateTopic(topic, TestCluster.SETTINGS));
        return SharedBytes.toRatis(builder.build(1_000).bytes());
    }
}
