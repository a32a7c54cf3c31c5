package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
    @TempDir
    Path root;

    @Test
    void missingDirectoryIsMadeAndKeepsItsIdentity() throws Exception {
        Path path = root.resolve("a/b");
        String incarnation;
        try (DataDirectory directory = DataDirectory.open(path, "shop", "n1")) {
            incarnation = directory.incarnation();
            assertThat(directory.joined()).isFalse();
        }
        try (DataDirectory directory = DataDirectory.open(path, "shop", "n1")) {
            assertThat(directory.incarnation()).isEqualTo(incarnation);
        }
    }

    @Test
    void lockedDirectoryNamesTheProcessThatHasIt() throws Exception {
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.incarnation()).isNotEmpty();
            // Locks that nobody refers to are forgotten with the next collection.
            System.gc();
            assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use by another process (pid "
                            + ProcessHandle.current().pid() + ")");
        }
        DataDirectory.open(root, "shop", "n1").close();
    }

    @Test
    void directoryOfAnotherClusterOrNodeIsRefusedAndUnlocked() throws Exception {
        DataDirectory.open(root, "shop", "n1").close();

        assertThatThrownBy(() -> DataDirectory.open(root, "bank", "n1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("has cluster-id shop, but this node is configured for bank");
        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n2"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("has node-id n1, but this node is configured for n2");
        DataDirectory.open(root, "shop", "n1").close();
    }

    @Test
    void directoryOfALaterVersionIsRefusedWithWhatToDo() throws Exception {
        DataDirectory.open(root, "shop", "n1").close();
        Path identity = root.resolve("identity");
        Files.writeString(identity, Files.readString(identity).replace("format=1", "format=3"));

        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("has format 3, this version reads up to 2: start the version that wrote it");
    }

    @Test
    void restoredStatesMustAllBeThere() throws Exception {
        try (DataLock held = DataDirectory.hold(root)) {
            DataDirectory.found(root, held, "shop", "n1", 2, "7:a,9:b");
        }
        Files.createDirectories(root.resolve("state/db"));

        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1", 2))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("(shards/1/state/) is missing: restore once more");
        Files.createDirectories(root.resolve("shards/1/state/db"));
        DataDirectory.open(root, "shop", "n1", 2).close();
    }

    @Test
    void directoryThatCannotBeWrittenIsRefused() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "not a directory");

        assertThatThrownBy(() -> DataDirectory.open(file, "shop", "n1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is not writable");
    }

    @Test
    void memberWithoutItsRaftLogIsRefused() throws Exception {
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            directory.markJoined();
        }

        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("its Raft log (raft/) is missing");
        Files.createDirectory(root.resolve("raft"));
        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1")).isInstanceOf(StartException.class);

        log(0);
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.joined()).isTrue();
        }
    }

    @Test
    void dataWithoutIdentityIsRefused() throws Exception {
        Files.createDirectories(root.resolve("state"));

        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("holds data but no identity file");
    }

    @Test
    void directoryOfSeveralShardsIsOfThatManyAndHasThemAll() throws Exception {
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1", 2)) {
            log(0);
            log(1);
            Files.createDirectories(directory.state(1).resolve("db"));
            directory.markJoined();
        }
        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1"))
                .hasMessageContaining("has shards 2, but this node is configured for 1");
        DataDirectory.open(root, "shop", "n1", 2).close();
        Files.delete(root.resolve("shards/1/state/db"));
        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1", 2))
                .hasMessageContaining("one of this node's shards is missing");
        Path log = RaftConfig.logDirectory(root.resolve("raft"), "shop", 1);
        Files.delete(log.resolve("raft-meta"));
        assertThatThrownBy(() -> DataDirectory.open(root, "shop", "n1", 2))
                .hasMessageContaining("its Raft log (" + root.relativize(log) + "/) is missing");
    }

    @Test
    void convictedDirectoryIsSetAsideAsAWholeAndAnotherOneBegins() throws Exception {
        String incarnation;
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            incarnation = directory.incarnation();
            log(0);
            Files.createDirectories(directory.state(0).resolve("db"));
            directory.markJoined();
            directory.markConvicted(42);
        }
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.joined()).isFalse();
            assertThat(directory.incarnation()).isNotEqualTo(incarnation);
            assertThat(directory.raft()).doesNotExist();
            assertThat(directory.state(0)).doesNotExist();
            directory.takeNewMemberId();
        }
        Path aside = root.resolve("aside").resolve(incarnation);
        assertThat(aside.resolve("raft")).exists();
        assertThat(aside.resolve("state/db")).exists();
        assertThat(aside.resolve("identity")).content().contains("convicted=42");
        DataDirectory.open(root, "shop", "n1").close();
    }

    @Test
    void damagedDirectoryIsKeptUntilTheOthersHaveLetItGo() throws Exception {
        String incarnation;
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            incarnation = directory.incarnation();
            log(0);
            directory.markJoined();
            directory.markDamaged("index");
        }
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.damaged()).isEqualTo("index");
            assertThat(directory.incarnation()).isEqualTo(incarnation);
            directory.markLetGo();
        }
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.damaged()).isEmpty();
            assertThat(directory.incarnation()).isNotEqualTo(incarnation);
        }
        assertThat(root.resolve("aside").resolve(incarnation).resolve("raft")).exists();
    }

    @Test
    void damagedDirectoryOfARemovedNodeIsSetAside() throws Exception {
        String incarnation;
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            incarnation = directory.incarnation();
            directory.markDamaged("index");
            directory.markRemoved();
        }
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.incarnation()).isNotEqualTo(incarnation);
        }
    }

    @Test
    void whatWasMendedIsDamagedNoLonger() throws Exception {
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            directory.markDamaged("index");
            directory.markDamaged("");
        }
        try (DataDirectory directory = DataDirectory.open(root, "shop", "n1")) {
            assertThat(directory.damaged()).isEmpty();
        }
    }

    /** What there is when a node has taken part. */
    private void log(int shard) throws IOException {
        Path log = Files.createDirectories(RaftConfig.logDirectory(root.resolve("raft"), "shop", shard));
        Files.createFile(log.resolve("raft-meta"));
    }
}
