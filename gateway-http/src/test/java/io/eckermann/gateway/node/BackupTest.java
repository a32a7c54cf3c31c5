package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyStart;
import io.eckermann.protocol.v1.CopyWanted;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running cluster is copied, and another one begins with the copy. */
final class BackupTest {
    private static final String[] SMALL = {"raft.segment-size=1MiB", "raft.snapshot-interval=1h", "scavenge.interval=1h"
    };

    @TempDir
    Path root;

    @Test
    void anotherClusterBeginsWithACopyAndGoesOn() throws Exception {
        Path copy = Files.createDirectories(root.resolve("copy"));
        NewBeginning.Outcome copied;
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            append(cluster, "n1", "orders", 30);
            commit(cluster, "n1", 7);
            assertUnknownShardIsRefused(cluster);
            fetch(cluster, "n1", copy, Set.of());
            Set<String> first = names(copy);

            TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                    .deleteEvent(DeleteEventRequest.newBuilder()
                            .setTopic("orders")
                            .setPosition(3)
                            .build());
            append(cluster, "n1", "orders", 30);
            commit(cluster, "n1", 9);
            clearIndex(copy);
            CopyList second = fetch(cluster, "n1", copy, first);
            copied = new NewBeginning.Outcome(
                    second.getRaftIndex(), cluster.running("n1").state().digest());
            assertThat(cluster.running("n1").state().applied().index()).isEqualTo(second.getRaftIndex());
        }

        try (TestCluster fresh = new TestCluster(root.resolve("new"), 3, "cluster.id=restored")) {
            for (String id : fresh.ids()) {
                assertThat(restore(fresh, id, copy)).isEqualTo(copied);
            }
            fresh.startAll();
            for (String id : fresh.ids()) {
                assertThat(fresh.running(id).state().digest()).isEqualTo(copied.digest());
            }
            assertThat(CursorsGrpc.newBlockingStub(fresh.channel("n2"))
                            .getCursor(GetCursorRequest.newBuilder()
                                    .setTopic("orders")
                                    .setConsumer("reader")
                                    .build())
                            .getPosition())
                    .isEqualTo(9);
            append(fresh, "n3", "orders", 1);
            commit(fresh, "n1", 61);
            assertThat(head(fresh, "n2")).isEqualTo(61);
            assertThat(fresh.failStops()).isEmpty();
        }
    }

    @Test
    void nodesThatBeginWithDifferentStatesDoNotFoundACluster() throws Exception {
        Path copy = Files.createDirectories(root.resolve("copy"));
        try (TestCluster cluster = new TestCluster(root.resolve("old"), 1, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            fetch(cluster, "n1", copy, Set.of());
        }
        try (TestCluster fresh = new TestCluster(root.resolve("new"), 2, "cluster.id=restored")) {
            restore(fresh, "n1", copy);
            CompletableFuture<Void> starting = fresh.startWithoutWaiting("n1", "n2");
            assertThatThrownBy(() -> starting.get(3, TimeUnit.SECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }

    @Test
    void oneSurvivorBeginsAnotherClusterOnlyWhenItIsTypedOut() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, SMALL)) {
            cluster.startAll();
            create(cluster, "n1", "orders");
            append(cluster, "n1", "orders", 30);
            cluster.stopAll();

            String alone = cluster.nodes("n2");
            assertThat(alone(cluster, alone, "cluster.id=saved", "wrong")).contains("not of n2 of wrong");
            assertThat(alone(cluster, alone, "cluster.id=eckermann", "eckermann"))
                    .contains("give cluster.id a new value");
            assertThat(alone(cluster, cluster.nodes("n1", "n2"), "cluster.id=saved", "eckermann"))
                    .contains("begins with this node alone");
            assertThat(alone(cluster, alone, "cluster.id=saved", "eckermann"))
                    .contains("cluster saved begins with n2 up to entry ");

            cluster.startWith("n2", alone, "cluster.id=saved").get(60, TimeUnit.SECONDS);
            cluster.node("n2").ready().get(60, TimeUnit.SECONDS);
            assertThat(head(cluster, "n2")).isEqualTo(30);
            append(cluster, "n2", "orders", 1);
            assertThat(head(cluster, "n2")).isEqualTo(31);
        }
    }

    private String alone(TestCluster cluster, String nodes, String clusterId, String former) {
        StringWriter said = new StringWriter();
        Main.commandLine(Map.of())
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(
                        "found-alone",
                        "--force",
                        former,
                        "--set",
                        nodes,
                        "--set",
                        "node.id=n2",
                        "--set",
                        clusterId,
                        "--set",
                        "node.data-directory=" + cluster.dataDirectory("n2"));
        return said.toString();
    }

    private static NewBeginning.Outcome restore(TestCluster fresh, String id, Path copy) throws Exception {
        Path root = Files.createDirectories(fresh.dataDirectory(id));
        Path base = Files.createDirectories(root.resolve("restoring/base"));
        for (String name : names(copy)) {
            Files.copy(copy.resolve(name), base.resolve(name));
        }
        return FoundedDirectory.ofBackup(root, root.resolve("restoring"), Bound.NONE, fresh.config(id));
    }

    /** Fetches a copy but for the segments that are there. */
    private static CopyList fetch(TestCluster cluster, String node, Path into, Set<String> there) throws Exception {
        AtomicReference<@Nullable CopyList> list = new AtomicReference<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        AtomicReference<@Nullable StreamObserver<CopyRequest>> requests = new AtomicReference<>();
        requests.set(BackupsGrpc.newStub(cluster.channel(node)).copy(new StreamObserver<>() {
            @Override
            public void onNext(CopyPart part) {
                if (part.hasList()) {
                    list.set(part.getList());
                    CopyWanted.Builder wanted = CopyWanted.newBuilder().setBytesPerSecond(50 << 20);
                    for (CopyFile file : part.getList().getFilesList()) {
                        if (file.getMark().isEmpty() || !there.contains(file.getName())) {
                            wanted.addFiles(file.getName());
                        }
                    }
                    StreamObserver<CopyRequest> answer = Objects.requireNonNull(requests.get());
                    answer.onNext(CopyRequest.newBuilder().setWanted(wanted).build());
                    answer.onCompleted();
                } else {
                    write(into, part.getData());
                }
            }

            @Override
            public void onError(Throwable failure) {
                done.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                done.complete(null);
            }
        }));
        Objects.requireNonNull(requests.get())
                .onNext(CopyRequest.newBuilder()
                        .setStart(CopyStart.getDefaultInstance())
                        .build());
        done.get(60, TimeUnit.SECONDS);
        CopyList offered = Objects.requireNonNull(list.get());
        // What was replaced meanwhile does not belong to this copy.
        Set<String> offeredNames = new HashSet<>();
        offered.getFilesList().forEach(file -> offeredNames.add(file.getName()));
        for (String name : names(into)) {
            if (!offeredNames.contains(name)) {
                Files.delete(into.resolve(name));
            }
        }
        return offered;
    }

    private static void assertUnknownShardIsRefused(TestCluster cluster) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        StreamObserver<CopyRequest> requests = BackupsGrpc.newStub(cluster.channel("n1"))
                .copy(new StreamObserver<>() {
                    @Override
                    public void onNext(CopyPart part) {}

                    @Override
                    public void onError(Throwable failure) {
                        done.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        done.complete(null);
                    }
                });
        requests.onNext(CopyRequest.newBuilder()
                .setStart(CopyStart.newBuilder().setShard(7))
                .build());
        assertThatThrownBy(() -> done.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("There is no such shard");
    }

    private static void write(Path into, CopyData data) {
        try (OutputStream out = Files.newOutputStream(
                into.resolve(data.getFile()), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            data.getData().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void clearIndex(Path copy) throws IOException {
        for (String name : names(copy)) {
            if (!name.matches("\\d+-\\d+\\..*")) {
                Files.delete(copy.resolve(name));
            }
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        Set<String> names = new HashSet<>();
        try (var files = Files.list(directory)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }

    private static void create(TestCluster cluster, String node, String topic) {
        TopicsGrpc.newBlockingStub(cluster.channel(node))
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(topic)
                        .setSettings(TopicSettings.getDefaultInstance())
                        .build());
    }

    private static void append(TestCluster cluster, String node, String topic, int events) {
        var log = LogGrpc.newBlockingStub(cluster.channel(node));
        for (int i = 0; i < events; i++) {
            log.append(AppendRequest.newBuilder()
                    .setTopic(topic)
                    .setEvents(Events.newBuilder()
                            .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[80_000]))))
                    .build());
        }
    }

    private static void commit(TestCluster cluster, String node, long position) {
        var unused = CursorsGrpc.newBlockingStub(cluster.channel(node))
                .commitCursor(CommitCursorRequest.newBuilder()
                        .setTopic("orders")
                        .setConsumer("reader")
                        .setPosition(position)
                        .build());
    }

    private static long head(TestCluster cluster, String node) {
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build())
                .getHead();
    }
}
