package io.eckermann.raftlog.ratis;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.chunk.FileLinks;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Three members in one JVM, on free loopback ports, with real logs and states below one directory. */
public final class TestCluster implements AutoCloseable {
    public static final TopicSettings SETTINGS =
            TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();

    private final Path directory;
    private final HeldPorts ports;
    private final RaftConfig.Snapshots snapshots;
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Node> running = new TreeMap<>();
    private final Queue<String> failStops = new ConcurrentLinkedQueue<>();
    private RaftConfig.Elections elections = RaftConfig.Elections.DEFAULT;

    /** A member that runs. */
    public record Node(String id, StateMachine state, RatisLog log) {
        void close() {
            log.close();
            state.close();
        }
    }

    public TestCluster(Path directory, RaftConfig.Snapshots snapshots) throws IOException {
        this.directory = directory;
        this.snapshots = snapshots;
        this.ports = new HeldPorts(3);
        for (int port : ports.numbers()) {
            members.add(new Member("n" + (members.size() + 1), "127.0.0.1:" + port));
        }
    }

    /** A running cluster of three. */
    public static TestCluster started(Path directory) throws IOException {
        return started(directory, RaftConfig.Snapshots.DEFAULT);
    }

    public static TestCluster started(Path directory, RaftConfig.Snapshots snapshots) throws IOException {
        TestCluster cluster = new TestCluster(directory, snapshots);
        cluster.startAll();
        return cluster;
    }

    /** Not started yet; leaders are silent for half of the lower timeout while there is no news. */
    public TestCluster withElections(RaftConfig.Elections other) {
        elections = other;
        return this;
    }

    public void startAll() throws IOException {
        for (Member member : members) {
            start(member.id());
        }
    }

    public Node start(String id) throws IOException {
        StateMachine state = StateMachine.open(directory.resolve(id).resolve("state"));
        RatisLog log = new RatisLog(
                config(id),
                state,
                this::copySnapshot,
                (reason, cause) -> failStops.add(id + ": " + reason + " " + cause),
                TestCluster::nowNs);
        Node node = new Node(id, state, log);
        try {
            log.start();
        } catch (IOException e) {
            node.close();
            throw e;
        }
        running.put(id, node);
        return node;
    }

    public RaftConfig config(String id) {
        return RaftConfig.of(id, members, "test", directory.resolve(id).resolve("raft"))
                .withBindHost("127.0.0.1")
                .withElections(elections)
                .withSnapshots(snapshots);
    }

    private RaftIndex copySnapshot(String nodeId, long least, long kept, Path into, BooleanSupplier wanted)
            throws IOException {
        Node from = node(nodeId);
        Snapshot snapshot = from.state().latestSnapshot();
        if (snapshot == null) {
            throw new IOException(nodeId + " has no snapshot");
        }
        for (Snapshot.File file : Snapshot.files(snapshot.directory(), kept)) {
            FileLinks.copy(file.path(), into.resolve(file.path().getFileName()), file.bytes());
        }
        return snapshot.at();
    }

    public void stop(String id) {
        Node node = running.remove(id);
        if (node != null) {
            node.close();
        }
    }

    public void stopAll() {
        List<Node> nodes = nodes();
        running.clear();
        // Together, as they end when a machine does.
        List<CompletableFuture<Void>> closing = nodes.stream()
                .map(node -> CompletableFuture.runAsync(node::close, task -> new Thread(task).start()))
                .toList();
        closing.forEach(CompletableFuture::join);
    }

    public Node node(String id) {
        Node node = running.get(id);
        if (node == null) {
            throw new AssertionError(id + " is not running");
        }
        return node;
    }

    public List<Node> nodes() {
        return List.copyOf(running.values());
    }

    /** What would have ended a process. */
    public List<String> failStops() {
        return List.copyOf(failStops);
    }

    /** The leader, when it is ready to serve. */
    public Node leader() throws Exception {
        List<Node> found = new ArrayList<>();
        Await.until("a leader", () -> {
            found.clear();
            nodes().stream()
                    .filter(node -> node.log().leadership().leaderReady())
                    .forEach(found::add);
            return found.size() == 1;
        });
        return found.get(0);
    }

    public Node follower() throws Exception {
        Node leader = leader();
        return nodes().stream()
                .filter(node -> !node.id().equals(leader.id()))
                .findFirst()
                .orElseThrow();
    }

    public long createTopic(String name) throws Exception {
        Result result = submit(new Operation.CreateTopic(name, SETTINGS));
        return ((Result.TopicCreated) result).topicId();
    }

    /** Submits to whoever leads, again while there is none; only for operations that may be done twice. */
    public Result submit(Operation operation) throws Exception {
        List<Result> results = new ArrayList<>();
        Await.until("a commit", () -> {
            try {
                results.add(leader().log().submit(operation).get(30, TimeUnit.SECONDS));
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof StoreException store && store.code().retryable()) {
                    return false;
                }
                throw e;
            }
        });
        return results.get(0);
    }

    public static Operation.Append append(long topicId, String producer, long sequence, String... payloads) {
        List<Event> events = Stream.of(payloads)
                .map(payload -> Event.newBuilder()
                        .setPayload(ByteString.copyFromUtf8(payload))
                        .build())
                .toList();
        EncodedEvents encoded = EventsCodec.encode(events);
        return new Operation.Append(
                topicId,
                encoded.getCount(),
                encoded.getEncoding(),
                encoded.getCrc32C(),
                encoded.getBody(),
                new Operation.ProducerSequence(producer, sequence));
    }

    public static List<String> payloads(StateMachine state, long topicId) {
        // An answer may come before readers see what it is about.
        state.whenVisible(state.applied().index())
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        List<String> payloads = new ArrayList<>();
        for (Chunk chunk : state.view().forward(topicId, 1, Long.MAX_VALUE)) {
            EventsCodec.events(chunk)
                    .forEach(event -> payloads.add(event.getPayload().toStringUtf8()));
        }
        return payloads;
    }

    /** Waits until all that run show their readers what the leader has applied. */
    public void awaitSame() throws Exception {
        Node leader = leader();
        leader.log().linearizable().get(30, TimeUnit.SECONDS);
        for (Node node : nodes()) {
            Await.until(
                    node.id() + " to catch up",
                    () -> node.state().visible().equals(leader.state().applied()));
        }
    }

    static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public void close() {
        stopAll();
        ports.close();
    }
}
