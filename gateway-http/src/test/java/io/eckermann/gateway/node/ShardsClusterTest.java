package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ShardView;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of several shards is one cluster to whoever uses it. One cluster, topics of their own for each test. */
final class ShardsClusterTest {
    private static final int SHARDS = 3;

    @TempDir
    static Path root;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(root, 3, "shards=" + SHARDS);
        cluster.startAll();
        awaitSpread();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void topicsGoToTheEmptiestShardAndEveryNodeListsThemAll() {
        List<Integer> placed = new ArrayList<>();
        for (int i = 0; i < 2 * SHARDS; i++) {
            Topic topic = create(node(i), "spread-" + i).getTopic();
            placed.add(topic.getShard());
            assertThat(append(node(i + 1), topic.getName(), "a")).isEqualTo(1);
        }
        assertThat(new HashSet<>(placed)).containsExactlyInAnyOrder(0, 1, 2);
        for (String id : cluster.ids()) {
            List<Topic> listed = topics(id)
                    .listTopics(
                            ListTopicsRequest.newBuilder().setPrefix("spread-").build())
                    .getTopicsList();
            assertThat(listed.stream().map(Topic::getName))
                    .containsExactly("spread-0", "spread-1", "spread-2", "spread-3", "spread-4", "spread-5");
            assertThat(listed.stream().map(Topic::getShard)).isEqualTo(placed);
            assertThat(listed.stream().map(Topic::getId).distinct()).hasSize(2 * SHARDS);
        }
        CursorsGrpc.CursorsBlockingStub cursors = CursorsGrpc.newBlockingStub(cluster.channel("n1"));
        for (String topic : List.of("spread-2", "spread-1", "spread-0")) {
            cursors.commitCursor(CommitCursorRequest.newBuilder()
                    .setTopic(topic)
                    .setConsumer("billing")
                    .setPosition(1)
                    .build());
        }
        assertThat(CursorsGrpc.newBlockingStub(cluster.channel("n2"))
                        .listCursors(ListCursorsRequest.newBuilder()
                                .setConsumer("billing")
                                .build())
                        .getCursorsList()
                        .stream()
                        .map(cursor -> cursor.getTopic()))
                .containsExactly("spread-0", "spread-1", "spread-2");
    }

    @Test
    void nodesTellTheirFiguresOfAllShards() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress("n1") + "/metrics"))
                .build();
        HttpResponse<String> told = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        for (int shard = 0; shard < SHARDS; shard++) {
            assertThat(told.body()).contains("eckermann_batcher_entries_total{shard=\"" + shard + "\"}");
        }
        assertThat(told.body()).contains("eckermann_webhook_attempts_total{outcome=\"delivered\"} 0.0");
    }

    @Test
    void aNameCreatedOnAllNodesAtOnceIsOneTopic() {
        for (int round = 0; round < 5; round++) {
            String name = "once-" + round;
            List<CompletableFuture<CreateTopicResponse>> created = cluster.ids().stream()
                    .map(id -> CompletableFuture.supplyAsync(() -> create(id, name)))
                    .toList();
            Set<Long> ids = new HashSet<>();
            created.forEach(each -> ids.add(each.join().getTopic().getId()));
            assertThat(ids).as(name).hasSize(1);
            assertThat(created.stream().filter(each -> each.join().getCreated()))
                    .hasSize(1);
        }
    }

    @Test
    void aNameStaysInItsShardAlsoWhenItsTopicIsDeleted() {
        Topic first = createIn("n1", "named", 2).getTopic();
        assertThat(first.getShard()).isEqualTo(2);
        assertThat(createIn("n2", "named", 2).getCreated()).isFalse();
        assertThat(code(() -> createIn("n3", "named", 1))).isEqualTo(Status.Code.ALREADY_EXISTS);
        topics("n2")
                .deleteTopic(DeleteTopicRequest.newBuilder().setName("named").build());
        assertThat(code(() -> topics("n1")
                        .getTopic(GetTopicRequest.newBuilder().setName("named").build())))
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(code(() -> createIn("n3", "named", 1))).isEqualTo(Status.Code.ALREADY_EXISTS);
        Topic second = create("n3", "named").getTopic();
        assertThat(second.getShard()).isEqualTo(2);
        assertThat(second.getId()).isGreaterThan(first.getId());
        assertThat(code(() -> createIn("n1", "elsewhere", SHARDS))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void appendsToTopicsOfSeveralShardsAreRefused() {
        createIn("n1", "apart-a", 0);
        createIn("n1", "apart-b", 1);
        createIn("n1", "apart-c", 1);
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> appendMany("n2", "apart-a", "apart-b"));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains("different shards, 0 and 1");
        assertThat(code(() -> appendMany("n2", "apart-b", "mistyped"))).isEqualTo(Status.Code.NOT_FOUND);
        appendMany("n2", "apart-b", "apart-c");
        assertThat(head("n3", "apart-a")).isZero();
        assertThat(head("n3", "apart-c")).isEqualTo(1);
    }

    @Test
    void whoAsksOnceAppendsToTheRightLeader() throws Exception {
        awaitSpread();
        List<String> names = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            names.add("direct-" + shard);
            createIn("n1", "direct-" + shard, shard);
        }
        long before = handedOn();
        Set<String> leaders = new TreeSet<>();
        for (String name : names) {
            String leader = leaderOf("n2", name);
            leaders.add(leader);
            append(leader, name, "a");
        }
        assertThat(leaders).hasSize(SHARDS);
        assertThat(handedOn()).isEqualTo(before);
        append(leaderOf("n2", names.get(0)), names.get(1), "b");
        assertThat(handedOn()).isGreaterThan(before);
        for (String name : names) {
            String leader = leaderOf("n2", name);
            String other = cluster.ids().stream()
                    .filter(id -> !id.equals(leader))
                    .findFirst()
                    .orElseThrow();
            assertThat(redirected(other, name)).isEqualTo("http://" + cluster.httpAddress(leader) + path(name));
        }
    }

    private static String path(String topic) {
        return "/v1/topics/" + topic + "/events";
    }

    private static String redirected(String id, String topic) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(id) + path(topic)))
                .header("Eckermann-Redirect", "1")
                .POST(HttpRequest.BodyPublishers.ofString("c"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .orElse("");
    }

    @Test
    void allShardsWriteWithoutANodeAndLeadersAreSpreadWhenItIsBack() throws Exception {
        awaitSpread();
        for (int shard = 0; shard < SHARDS; shard++) {
            createIn("n1", "kept-" + shard, shard);
            append("n1", "kept-" + shard, "a");
        }
        cluster.stop("n3");
        for (int shard = 0; shard < SHARDS; shard++) {
            assertThat(append("n1", "kept-" + shard, "b")).isEqualTo(2);
        }
        assertThat(leaders("n1")).isNotEmpty().doesNotContain("n3");
        cluster.start("n3");
        awaitSpread();
        for (NodeView node : cluster.view("n2").getNodesList()) {
            assertThat(node.getShardsCount()).as(node.getId()).isEqualTo(SHARDS);
        }
        assertThat(cluster.failStops()).isEmpty();
    }

    /** Not in every build, as it takes long: -Dshards.members=true. */
    @Test
    @EnabledIfSystemProperty(named = "shards.members", matches = "true")
    void allShardsGoOnWhereTheyWereWhenAllNodesWereStopped() throws Exception {
        for (int shard = 0; shard < SHARDS; shard++) {
            createIn("n1", "stopped-" + shard, shard);
            append("n1", "stopped-" + shard, "a");
        }
        cluster.stop("n3");
        assertThatThrownBy(() -> cluster.startWith("n3", "shards=2").get(60, TimeUnit.SECONDS))
                .hasMessageContaining("has shards 3, but this node is configured for 2");
        cluster.stopAll();
        cluster.startAll();
        for (int shard = 0; shard < SHARDS; shard++) {
            assertThat(head(node(shard), "stopped-" + shard)).isEqualTo(1);
            assertThat(append(node(shard), "stopped-" + shard, "b")).isEqualTo(2);
        }
        assertThat(cluster.failStops()).isEmpty();
    }

    /** Each leads its own: while they lead others', leadership is about to move. */
    private static void awaitSpread() throws Exception {
        for (String id : cluster.ids()) {
            Await.until("every node leads its shard", () -> leaders(id).equals(cluster.ids()));
        }
    }

    private static List<String> leaders(String id) {
        return cluster.view(id).getShardsList().stream()
                .map(ShardView::getLeader)
                .toList();
    }

    private static String leaderOf(String asked, String topic) {
        ClusterView view = ClusterGrpc.newBlockingStub(cluster.channel(asked))
                .getCluster(GetClusterRequest.newBuilder().setTopic(topic).build());
        assertThat(view.hasTopicShard()).isTrue();
        return view.getShards(view.getTopicShard()).getLeader();
    }

    private static long handedOn() {
        return cluster.ids().stream()
                .flatMap(id -> cluster.running(id).shards().all().stream())
                .mapToLong(part -> part.route().handedOn())
                .sum();
    }

    private static String node(int number) {
        return cluster.ids().get(number % cluster.ids().size());
    }

    private static TopicsGrpc.TopicsBlockingStub topics(String id) {
        return TopicsGrpc.newBlockingStub(cluster.channel(id));
    }

    private static CreateTopicResponse create(String id, String name) {
        return topics(id)
                .createTopic(CreateTopicRequest.newBuilder().setName(name).build());
    }

    private static CreateTopicResponse createIn(String id, String name, int shard) {
        return topics(id)
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName(name)
                        .setShard(shard)
                        .build());
    }

    private static long append(String id, String topic, String payload) {
        return LogGrpc.newBlockingStub(cluster.channel(id))
                .append(AppendRequest.newBuilder()
                        .setTopic(topic)
                        .setEvents(events(payload))
                        .build())
                .getHead();
    }

    private static void appendMany(String id, String... names) {
        AppendManyRequest.Builder request = AppendManyRequest.newBuilder();
        for (String name : names) {
            request.addAppends(AppendRequest.newBuilder().setTopic(name).setEvents(events("many")));
        }
        assertThat(LogGrpc.newBlockingStub(cluster.channel(id))
                        .appendMany(request.build())
                        .getAppendsCount())
                .isEqualTo(names.length);
    }

    private static Events events(String payload) {
        return Events.newBuilder()
                .addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)))
                .build();
    }

    private static long head(String id, String topic) {
        return LogGrpc.newBlockingStub(cluster.channel(id))
                .getHead(GetHeadRequest.newBuilder().setTopic(topic).build())
                .getHead();
    }

    private static Status.Code code(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }
}
