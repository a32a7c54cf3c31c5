package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of it when a leader says that it is no member. */
class NeighboursTest {
    private static final String CLUSTER = "c1";

    @TempDir
    private Path root;

    private final List<String> failStops = new ArrayList<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();
    private NodeConfig config;
    private Membership told = Membership.UNKNOWN;
    private Membership toldOfTheSecond = Membership.UNKNOWN;

    @BeforeEach
    void configure() throws ConfigException {
        config = NodeConfig.load(
                null,
                Map.of(),
                List.of(
                        "cluster.id=" + CLUSTER,
                        "node.id=n3",
                        "node.data-directory=" + root,
                        "nodes=[{id: n1, raft: '127.0.0.1:1', grpc: '127.0.0.1:2', http: '127.0.0.1:3'},"
                                + " {id: n3, raft: '127.0.0.1:4', grpc: '127.0.0.1:5', http: '127.0.0.1:6'}]"));
    }

    /** The entry that was to add it went with the leader that had written it. */
    @Test
    void nodeThatWasNeverAddedForCertainBeginsAnew() throws Exception {
        String before;
        try (DataDirectory directory = joined();
                Neighbours neighbours = neighbours(directory)) {
            before = directory.incarnation();
            told = membership(false);
            neighbours.follow();

            neighbours.toldItIsNoMember((why, cause) -> failStops.add(why));
        }

        assertThat(failStops).singleElement().asString().contains("a restart lets it wait to be added");
        assertThat(removed).isNotDone();
        try (DataDirectory directory = open()) {
            assertThat(directory.incarnation()).isNotEqualTo(before);
            assertThat(directory.joined()).isFalse();
        }
        assertThat(root.resolve("aside").resolve(before)).isDirectory();
    }

    @Test
    void nodeThatWasAMemberIsRemovedAndStaysSo() throws Exception {
        try (DataDirectory directory = joined();
                Neighbours neighbours = neighbours(directory)) {
            told = membership(true);
            neighbours.follow();
        }
        try (DataDirectory directory = open();
                Neighbours neighbours = neighbours(directory)) {
            told = membership(false);
            neighbours.follow();

            neighbours.toldItIsNoMember((why, cause) -> failStops.add(why));
        }

        assertThat(failStops).isEmpty();
        assertThat(removed).isDone();
        assertThatThrownBy(this::open).hasMessageContaining("was removed from the cluster");
    }

    /** The leader that was lost wrote the entry of the second shard, and nobody has it but this node. */
    @Test
    void nodeThatWasAddedToOneShardOnlyKeepsAllUntilItIsRemovedAndBeginsAnew() throws Exception {
        String before;
        try (DataDirectory directory = joined(2);
                Neighbours neighbours = neighboursOfTwoShards(directory)) {
            before = directory.incarnation();
            neighbours.members().await();
            told = membership(true);
            toldOfTheSecond = membership(false);
            neighbours.follow();
            assertThat(neighbours.members().waitsToBeAdded())
                    .as("to the second shard, by whoever leads it now")
                    .isTrue();

            neighbours.toldItIsNoMemberOf(1);

            assertThat(neighbours.members().waitsToBeAdded()).isFalse();
        }
        try (DataDirectory directory = open(2);
                Neighbours neighbours = neighboursOfTwoShards(directory)) {
            assertThat(directory.incarnation()).as("it may have voted").isEqualTo(before);
            neighbours.follow();

            neighbours.toldItIsNoMember((why, cause) -> failStops.add(why));
        }

        assertThat(failStops).singleElement().asString().contains("a restart lets it wait to be added");
        assertThat(removed).isNotDone();
        try (DataDirectory directory = open(2)) {
            assertThat(directory.incarnation()).isNotEqualTo(before);
            assertThat(directory.joined()).isFalse();
        }
        assertThat(root.resolve("aside").resolve(before)).isDirectory();
    }

    @Test
    void nodeThatIsAddedToAllAfterAllAndLeavesThenIsRemovedForGood() throws Exception {
        try (DataDirectory directory = joined(2);
                Neighbours neighbours = neighboursOfTwoShards(directory)) {
            told = membership(true);
            neighbours.follow();
            neighbours.toldItIsNoMemberOf(1);
        }
        try (DataDirectory directory = open(2);
                Neighbours neighbours = neighboursOfTwoShards(directory)) {
            neighbours.members().await();
            toldOfTheSecond = membership(true);
            neighbours.follow();
            assertThat(neighbours.members().waitsToBeAdded()).isFalse();
            toldOfTheSecond = membership(false);
            neighbours.follow();

            neighbours.toldItIsNoMemberOf(1);
            neighbours.toldItIsNoMember((why, cause) -> failStops.add(why));
        }

        assertThat(failStops).isEmpty();
        assertThat(removed).isDone();
        assertThatThrownBy(() -> open(2)).hasMessageContaining("was removed from the cluster");
    }

    private static Membership membership(boolean settled) {
        List<Member> members = Stream.of("n1", "n3")
                .map(id -> new Member(id, "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"))
                .toList();
        return new Membership(members, 7, settled);
    }

    private DataDirectory open() throws StartException {
        return open(1);
    }

    private DataDirectory open(int shards) throws StartException {
        return DataDirectory.open(root, CLUSTER, "n3", shards);
    }

    /** Of a node that was not among the founders, and whose log has begun. */
    private DataDirectory joined() throws Exception {
        return joined(1);
    }

    private DataDirectory joined(int shards) throws Exception {
        DataDirectory directory = open(shards);
        directory.founding(false);
        directory.markJoined();
        for (int shard = 0; shard < shards; shard++) {
            Path log = Files.createDirectories(RaftConfig.logDirectory(directory.raft(), CLUSTER, shard));
            Files.createFile(log.resolve("raft-meta"));
            Files.createDirectories(directory.state(shard).resolve("db"));
        }
        return directory;
    }

    private Neighbours neighboursOfTwoShards(DataDirectory directory) throws IOException {
        Neighbours neighbours = neighbours(directory);
        neighbours.members().follow(List.of(() -> told, () -> toldOfTheSecond));
        return neighbours;
    }

    private Neighbours neighbours(DataDirectory directory) throws IOException {
        Neighbours neighbours = new Neighbours(config, directory, Runnable::run, Clock.systemUTC(), null, removed);
        neighbours.members().follow(List.of(() -> told));
        return neighbours;
    }
}
