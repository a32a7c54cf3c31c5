package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.FollowerInfoProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyBridgeTest {
    private static final RaftGroupMemberId SELF =
            RaftGroupMemberId.valueOf(RaftPeerId.valueOf("n1"), RaftGroupId.randomId());

    @TempDir
    Path directory;

    private final List<String> stops = new CopyOnWriteArrayList<>();
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
        return bridge((nodeId, least, kept, into, wanted) -> {
            throw new IOException("no node");
        });
    }

    private ApplyBridge bridge(SnapshotFetch fetch) {
        ApplyBridge bridge =
                new ApplyBridge(state, fetch, (reason, cause) -> stops.add(reason), Runnable::run, () -> {});
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
        bridge.notifyTermIndexUpdated(1, 4);
        state.whenVisible(4).get(30, TimeUnit.SECONDS);
        bridge.applyTransaction(entry(5, create("a"))).join();
        CompletableFuture<Void> written = state.whenVisible(5);
        assertThat(state.applied().index()).isEqualTo(5);
        assertThat(state.visible().index()).isEqualTo(4);
        assertThat(written).isNotDone();
        flushed.set(5);
        written.get(30, TimeUnit.SECONDS);
        assertThat(state.view().topic("a")).isPresent();
    }

    @Test
    void aStateThatCannotBeWrittenStopsTheNodeWithoutAnotherEntry() throws Exception {
        ApplyBridge bridge = bridge();
        state.writeOnly(index -> {
            throw new IllegalStateException("no disk");
        });
        bridge.applyTransaction(entry(0, create("a"))).join();
        Await.until("the stop", () -> !stops.isEmpty());
        assertThat(stops).containsExactly("The state could not be written: check the disk.");
        assertThatThrownBy(() -> bridge.applyTransaction(entry(1, create("b"))).join())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ratisIsToldOfAPreparedSnapshotOnly() throws Exception {
        ApplyBridge bridge = bridge();
        assertThat(bridge.takeSnapshot()).isEqualTo(-1);
        bridge.applyTransaction(entry(0, create("a"))).join();
        bridge.prepareSnapshot();
        bridge.applyTransaction(entry(1, create("b"))).join();
        assertThat(bridge.takeSnapshot()).isZero();
        assertThat(bridge.coveredIndex()).isZero();
        assertThat(state.durablyApplied().index()).isZero();
    }

    @Test
    void aFetchedSnapshotIsBoundBeforeRatisKnowsOfIt() throws Exception {
        try (StateMachine other = stateOfAnotherNode()) {
            ApplyBridge bridge = bridge((nodeId, least, kept, into, wanted) -> copySnapshot(other, into));
            bridge.getLifeCycle().transition(LifeCycle.State.STARTING);
            bridge.getLifeCycle().transition(LifeCycle.State.RUNNING);
            bridge.notifyLeaderChanged(SELF, RaftPeerId.valueOf("n2"));
            assertThat(askedToInstall(bridge, "n2").join().getIndex()).isEqualTo(9);
            assertThat(directory.resolve("installing")).exists();
            assertThat(state.applied()).isEqualTo(RaftIndex.NONE);
            // The next one must wait until this one is in place.
            assertThat(askedToInstall(bridge, "n2")).failsWithin(30, TimeUnit.SECONDS);
            assertThat(bridge.intake().isStuck(System.nanoTime())).isFalse();
            assertThat(bridge.intake().isStuck(System.nanoTime() + TimeUnit.MINUTES.toNanos(2)))
                    .isTrue();
            bridge.pause();
            bridge.reinitialize();
            assertThat(state.digest()).isEqualTo(other.digest());
            assertThat(bridge.coveredIndex()).isEqualTo(9);
            assertThat(directory.resolve("installing")).doesNotExist();
            assertThat(bridge.intake().isStuck(System.nanoTime() + TimeUnit.MINUTES.toNanos(2)))
                    .isFalse();
        }
    }

    @Test
    void aSnapshotOfALeaderThatWasReplacedMeanwhileIsNotTaken() throws Exception {
        try (StateMachine other = stateOfAnotherNode()) {
            ApplyBridge bridge = bridge((nodeId, least, kept, into, wanted) -> copySnapshot(other, into));
            bridge.notifyLeaderChanged(SELF, RaftPeerId.valueOf("n3"));
            assertThat(askedToInstall(bridge, "n2")).failsWithin(30, TimeUnit.SECONDS);
            assertThat(directory.resolve("installing")).doesNotExist();
            assertThat(askedToInstall(bridge, "n3").join().getIndex()).isEqualTo(9);
        }
    }

    @Test
    void aSnapshotIsWantedUntilAnotherNodeLeads() {
        AtomicReference<BooleanSupplier> asked = new AtomicReference<>();
        ApplyBridge bridge = bridge((nodeId, least, kept, into, wanted) -> {
            asked.set(wanted);
            throw new IOException("it was cut off");
        });
        assertThat(askedToInstall(bridge, "n2")).failsWithin(30, TimeUnit.SECONDS);
        BooleanSupplier wanted = Objects.requireNonNull(asked.get());
        assertThat(wanted.getAsBoolean()).isTrue();
        bridge.notifyLeaderChanged(SELF, RaftPeerId.valueOf("n2"));
        assertThat(wanted.getAsBoolean()).isTrue();
        bridge.notifyLeaderChanged(SELF, null);
        assertThat(wanted.getAsBoolean()).as("it may still come").isTrue();
        bridge.notifyLeaderChanged(SELF, RaftPeerId.valueOf("n3"));
        assertThat(wanted.getAsBoolean()).isFalse();
    }

    @Test
    void aSnapshotIsNotWantedByANodeThatStops() {
        AtomicReference<BooleanSupplier> asked = new AtomicReference<>();
        ApplyBridge bridge = bridge((nodeId, least, kept, into, wanted) -> {
            asked.set(wanted);
            throw new IOException("it was cut off");
        });
        assertThat(askedToInstall(bridge, "n2")).failsWithin(30, TimeUnit.SECONDS);
        bridge.notifyServerShutdown(RoleInfoProto.getDefaultInstance(), true);
        assertThat(Objects.requireNonNull(asked.get()).getAsBoolean()).isFalse();
    }

    private StateMachine stateOfAnotherNode() throws Exception {
        StateMachine other = StateMachine.open(directory.resolve("other"));
        other.skip(new RaftIndex(2, 9));
        other.takeSnapshot();
        return other;
    }

    private static RaftIndex copySnapshot(StateMachine from, Path into) throws IOException {
        Snapshot snapshot = Objects.requireNonNull(from.latestSnapshot());
        try (Stream<Path> files = Files.list(snapshot.directory())) {
            for (Path file : files.toList()) {
                // What came before an attempt failed is still there.
                Files.copy(file, into.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return snapshot.at();
    }

    private static CompletableFuture<TermIndex> askedToInstall(ApplyBridge bridge, String leader) {
        RoleInfoProto role = RoleInfoProto.newBuilder()
                .setFollowerInfo(FollowerInfoProto.newBuilder()
                        .setLeaderInfo(ServerRpcProto.newBuilder()
                                .setId(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(leader)))))
                .build();
        return bridge.notifyInstallSnapshotFromLeader(role, TermIndex.valueOf(2, 10));
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
                .setStateMachine(new BaseStateMachine())
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
