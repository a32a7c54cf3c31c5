package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    @TempDir
    Path temp;

    private TestStore store;
    private long orders;

    @BeforeEach
    void fill() {
        store = new TestStore(temp.resolve("a"));
        orders = store.createTopic("orders");
        store.append(orders, "p", 1, "a", "b");
        store.append(orders, "p", 2, "x".repeat(10_000));
        store.commit(7_000, new Operation.CommitCursor(orders, "c", 2, OptionalLong.empty(), false));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void snapshotAndReplayGiveTheSameStateOnAnotherNode() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        appendMore();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            TestStore.replace(other, downloaded(other, snapshot));
            assertThat(other.applied()).isEqualTo(snapshot.at());
            assertThat(other.installedAt()).isEqualTo(snapshot.at());
            assertThat(other.durablyApplied()).isEqualTo(snapshot.at());
            assertThat(Objects.requireNonNull(other.latestSnapshot()).at()).isEqualTo(snapshot.at());
            store.replayInto(other);
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
        try (StateMachine reopened = TestStore.open(temp.resolve("b"))) {
            assertThat(reopened.digest()).isEqualTo(store.machine().digest());
            assertThat(reopened.installedAt()).isEqualTo(snapshot.at());
            assertThat(Objects.requireNonNull(reopened.latestSnapshot()).at()).isEqualTo(snapshot.at());
        }
    }

    @Test
    void listenersForgetTheOldStateBeforeTheNewOneIsAnnounced() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        List<String> told = new CopyOnWriteArrayList<>();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            other.addListener(new VisibleListener() {
                @Override
                public void appended(List<NewChunk> chunks) {}

                @Override
                public void deleted(long topicId) {}

                @Override
                public void replaced() {
                    told.add("replaced");
                }
            });
            CompletableFuture<Void> seen =
                    other.whenVisible(snapshot.at().index()).thenRun(() -> told.add("visible"));
            HeadSignal.Listener signal = other.headSignal().listen(orders, () -> told.add("changed"));
            TestStore.replace(other, downloaded(other, snapshot));
            signal.close();
            assertThat(seen).isCompleted();
        }
        assertThat(told).containsExactly("replaced", "visible", "changed");
    }

    @Test
    void installedSnapshotCanBeHandedOn() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        try (StateMachine second = TestStore.open(temp.resolve("b"));
                StateMachine third = TestStore.open(temp.resolve("c"))) {
            TestStore.replace(second, downloaded(second, snapshot));
            store.append(orders, "p", 3, "later");
            store.replayInto(second);
            TestStore.replace(third, downloaded(third, Objects.requireNonNull(second.latestSnapshot())));
            store.replayInto(third);
            assertThat(third.digest())
                    .isEqualTo(second.digest())
                    .isEqualTo(store.machine().digest());
        }
    }

    @Test
    void onlyTheNewestSnapshotIsKept() throws IOException {
        Snapshot first = store.machine().takeSnapshot();
        assertThat(store.machine().takeSnapshot()).isEqualTo(first);
        appendMore();
        Snapshot second = store.machine().takeSnapshot();
        assertThat(first.directory()).doesNotExist();
        assertThat(second.directory()).exists();
        assertThat(store.machine().latestSnapshot()).isEqualTo(second);
        assertThat(store.machine().durablyApplied()).isEqualTo(second.at());
        store.reopen();
        assertThat(store.machine().latestSnapshot()).isEqualTo(second);
    }

    @Test
    void linkedSnapshotStaysWhenANewerOneComes() throws IOException {
        Path linked = Files.createDirectories(temp.resolve("linked"));
        assertThat(store.machine().linkLatestSnapshot(linked)).isNull();
        Snapshot first = store.machine().takeSnapshot();
        assertThat(store.machine().linkLatestSnapshot(linked)).isEqualTo(first);
        String digest = store.machine().digest();
        appendMore();
        store.machine().takeSnapshot();

        assertThat(first.directory()).doesNotExist();
        try (StateMachine other = StateMachine.open(temp.resolve("other"))) {
            TestStore.replace(other, downloaded(other, new Snapshot(first.at(), linked)));
            assertThat(other.digest()).isEqualTo(digest);
        }
    }

    @Test
    void crashLosesOnlyWhatTheRaftLogReplays() throws IOException {
        store.machine().takeSnapshot();
        appendMore();
        CrashCopy.make(temp.resolve("a"), temp.resolve("crashed"));
        try (StateMachine crashed = TestStore.open(temp.resolve("crashed"))) {
            assertThat(crashed.applied().index())
                    .isBetween(3L, store.machine().applied().index());
            store.replayInto(crashed);
            assertThat(crashed.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void crashBeforeTheSnapshotIsOnTheShelfLeavesTheOldState() throws IOException {
        String digest = store.machine().digest();
        store.close();
        Files.writeString(temp.resolve("a/installing"), "1_77");
        Files.createDirectory(temp.resolve("a/db.tmp"));
        Files.createDirectories(temp.resolve("a/snapshots/draft"));
        store.reopen();
        assertThat(store.machine().digest()).isEqualTo(digest);
        assertThat(temp.resolve("a/installing")).doesNotExist();
        assertThat(temp.resolve("a/db.tmp")).doesNotExist();
        assertThat(store.machine().latestSnapshot()).isNull();
    }

    @Test
    void crashAfterTheSnapshotIsOnTheShelfEndsInTheNewState() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        Path crashed = temp.resolve("crashed");
        TestStore.open(crashed).close();
        CrashCopy.make(snapshot.directory(), crashed.resolve("snapshots").resolve("1_3"));
        Files.writeString(crashed.resolve("installing"), "1_3");
        // The old database was deleted already, the new one half made.
        delete(crashed.resolve("db"));
        Files.createDirectory(crashed.resolve("db.tmp"));
        try (StateMachine machine = TestStore.open(crashed)) {
            assertThat(machine.digest()).isEqualTo(store.machine().digest());
            assertThat(machine.installedAt()).isEqualTo(snapshot.at());
            assertThat(crashed.resolve("installing")).doesNotExist();
        }
    }

    @Test
    void acceptedSnapshotIsInstalledAfterACrash() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            other.skip(new RaftIndex(1, 0));
            assertThat(other.accept(downloaded(other, snapshot))).isEqualTo(snapshot.at());
            assertThat(other.applied()).isEqualTo(new RaftIndex(1, 0));
            CrashCopy.make(temp.resolve("b"), temp.resolve("crashed"));
        }
        try (StateMachine crashed = TestStore.open(temp.resolve("crashed"))) {
            assertThat(crashed.digest()).isEqualTo(store.machine().digest());
            assertThat(crashed.installedAt()).isEqualTo(snapshot.at());
            assertThat(temp.resolve("crashed/installing")).doesNotExist();
        }
    }

    @Test
    void acceptedSnapshotThatTheStateHasOvertakenIsForgotten() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        appendMore();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            other.accept(downloaded(other, snapshot));
            store.replayInto(other);
            other.takeSnapshot();
            assertThat(temp.resolve("b/installing")).doesNotExist();
            other.install();
            assertThat(other.digest()).isEqualTo(store.machine().digest());
            assertThat(other.installedAt()).isEqualTo(RaftIndex.NONE);
        }
        try (StateMachine reopened = TestStore.open(temp.resolve("b"))) {
            assertThat(reopened.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void snapshotIsRefusedWhileAnotherWaits() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            other.accept(downloaded(other, snapshot));
            Path again = downloaded(other, snapshot);
            assertThatThrownBy(() -> other.accept(again)).isInstanceOf(IOException.class);
            other.install();
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void readersSeeTheNewStateAfterAnInstallation() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            ReadView view = other.view();
            assertThat(view.topic("orders")).isEmpty();
            TestStore.replace(other, downloaded(other, snapshot));
            assertThat(view.topic("orders")).get().extracting(TopicState::head).isEqualTo(3L);
            assertThat(TestStore.payloads(view.forward(orders, 1, 1))).containsExactly("a", "b");
        }
    }

    @Test
    void whatWasUsedBeforeAnInstallationIsReadAnewAfterIt() throws IOException {
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            store.replayInto(other);
            store.append(orders, "p", 3, "c");
            TestStore.replace(other, downloaded(other, store.machine().takeSnapshot()));
            store.append(orders, "p", 4, "d");
            store.replayInto(other);
            assertThat(other.view().topic(orders)).isPresent();
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void snapshotThatIsNotNewerIsRefusedAndTheStateStays() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        appendMore();
        String digest = store.machine().digest();
        Path incoming = downloaded(store.machine(), snapshot);
        assertThatThrownBy(() -> TestStore.replace(store.machine(), incoming)).isInstanceOf(IOException.class);
        assertThat(store.machine().digest()).isEqualTo(digest);
    }

    @Test
    void snapshotThatCannotBeOpenedIsRefusedAndTheStateStays() throws IOException {
        try (TestStore other = new TestStore(temp.resolve("b"))) {
            long topic = other.createTopic("kept");
            Path incoming = downloaded(other.machine(), store.machine().takeSnapshot());
            Files.writeString(incoming.resolve("CURRENT"), "MANIFEST-999999\n");
            assertThatThrownBy(() -> other.machine().accept(incoming))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the state stays");
            other.append(1_000, topic, "goes on");
            other.reopen();
            assertThat(other.payloads(topic)).containsExactly("goes on");
            assertThat(other.machine().latestSnapshot()).isNull();
        }
    }

    @Test
    void halfDeletedAndHalfMadeSnapshotsAreClearedAway() throws IOException {
        Snapshot snapshot = store.machine().takeSnapshot();
        store.machine().close();
        Files.createDirectory(temp.resolve("a/snapshots/discarded-1_2"));
        Files.createDirectory(temp.resolve("a/snapshots/draft"));
        store.reopen();
        assertThat(store.machine().latestSnapshot()).isEqualTo(snapshot);
        assertThat(temp.resolve("a/snapshots")).isDirectoryNotContaining("glob:**/d*");
    }

    @Test
    void directoryWithoutASnapshotIsRefused() throws IOException {
        Path empty = store.machine().incoming();
        assertThatThrownBy(() -> store.machine().accept(empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no snapshot");
        appendMore();
    }

    private void appendMore() {
        store.append(orders, "p", 3, "later");
        store.append(9_000, orders, "y".repeat(5_000), "z");
        long other = store.createTopic("other");
        store.append(9_000, other, "gone");
        store.commit(9_500, List.of(new Operation.DeleteTopic(other)));
    }

    private static Path downloaded(StateMachine into, Snapshot snapshot) throws IOException {
        Path incoming = into.incoming();
        try (Stream<Path> files = Files.list(snapshot.directory())) {
            for (Path file : files.toList()) {
                Files.copy(file, incoming.resolve(file.getFileName()));
            }
        }
        return incoming;
    }

    private static void delete(Path directory) throws IOException {
        io.eckermann.statemachine.storage.DurableFiles.delete(directory);
    }
}
