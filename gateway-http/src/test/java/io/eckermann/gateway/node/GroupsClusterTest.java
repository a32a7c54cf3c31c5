package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.GroupsGrpc;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.SettleResponse;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups on a real cluster, through both doors of all nodes. One cluster, a topic for each test. */
final class GroupsClusterTest {
    @TempDir
    static Path root;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(root, 3);
        cluster.startAll();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void leasesAreHonouredByTheNextLeader() throws Exception {
        make("handed-on", GroupSettings.newBuilder().setVisibilityMs(60_000).build(), 3);
        LeaseResponse held = lease("handed-on", cluster.follower(), 2, 0);
        assertThat(positions(held)).containsExactly(1L, 2L);

        String old = cluster.awaitLeader();
        cluster.stop(old);
        cluster.awaitLeader();

        String other = cluster.follower();
        LeaseResponse rest = lease("handed-on", other, 10, 0);
        assertThat(positions(rest)).containsExactly(3L);
        assertThat(settle("handed-on", other, held.getToken(), Settlement.Action.ACK)
                        .getSettled())
                .isEqualTo(2);
        StatusRuntimeException lost = catchThrowableOfType(
                StatusRuntimeException.class, () -> settle("handed-on", other, held.getToken(), Settlement.Action.ACK));
        assertThat(lost.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        cluster.start(old);
    }

    @Test
    void longPollAtAFollowerIsWokenByAnAppendAndByALeaseThatEnds() throws Exception {
        make("woken", GroupSettings.newBuilder().setVisibilityMs(500).build(), 0);
        String node = cluster.follower();
        CompletableFuture<LeaseResponse> waiting =
                CompletableFuture.supplyAsync(() -> lease("woken", node, 10, 30_000));
        append("woken", "a");
        assertThat(positions(waiting.get(30, TimeUnit.SECONDS))).containsExactly(1L);
        LeaseResponse again = lease("woken", node, 10, 30_000);
        assertThat(positions(again)).containsExactly(1L);
        assertThat(again.getEvents(0).getAttempts()).isEqualTo(2);
    }

    /** Members at all nodes and both doors, one of which keeps forgetting what it leased, while the leader changes. */
    @Test
    void everyEventIsAckedOnceAndKeysKeepTheirOrderWhileTheLeaderChanges() throws Exception {
        GroupSettings settings = GroupSettings.newBuilder()
                .setOrdering(Ordering.BY_KEY)
                .setVisibilityMs(700)
                .setAttemptsMax(1_000)
                .build();
        make("shared", settings, 0);
        int events = 300;
        for (int i = 0; i < events; i += 50) {
            String[] keys = new String[50];
            for (int k = 0; k < keys.length; k++) {
                keys[k] = "k" + (i + k) % 7;
            }
            append("shared", keys);
        }
        Work work = new Work("shared");
        List<CompletableFuture<Void>> members = new ArrayList<>();
        for (int member = 0; member < 4; member++) {
            int number = member;
            members.add(CompletableFuture.runAsync(() -> work.go(number)));
        }
        Await.until("some are acked", () -> work.ackedBy.size() > events / 4);
        cluster.running(cluster.awaitLeader())
                .log()
                .transferLeadership(cluster.follower())
                .get(30, TimeUnit.SECONDS);
        for (CompletableFuture<Void> member : members) {
            member.get(60, TimeUnit.SECONDS);
        }
        assertThat(work.twice).isEmpty();
        assertThat(work.ackedBy.keySet()).isSubsetOf(work.seen.keySet());
        work.unknown.forEach(position -> work.ackedBy.putIfAbsent(position, 0L));
        assertThat(work.ackedBy)
                .as("seen %s, lost %s, group %s", work.seen.keySet(), work.lost, group("shared", cluster.follower()))
                .hasSize(events);
        work.inOrder();
        assertThat(group("shared", cluster.follower()).getFloor()).isEqualTo(events);
    }

    /** What members did together. */
    private static final class Work {
        private final String topic;
        /** Position to key. */
        final Map<Long, String> seen = new ConcurrentSkipListMap<>();
        /** Position to the token under which it was acked; tokens rise from lease to lease. */
        final Map<Long, Long> ackedBy = new ConcurrentSkipListMap<>();

        final Set<Long> twice = ConcurrentHashMap.newKeySet();
        final Set<Long> lost = ConcurrentHashMap.newKeySet();
        final Set<Long> unknown = ConcurrentHashMap.newKeySet();

        Work(String topic) {
            this.topic = topic;
        }

        void go(int member) {
            String node = cluster.ids().get(member % 3);
            int round = 0;
            while (true) {
                LeaseResponse leased = LeaseResponse.getDefaultInstance();
                try {
                    leased = lease(topic, node, 10, 200);
                    leased.getEventsList()
                            .forEach(event -> seen.put(
                                    event.getEvent().getPosition(),
                                    event.getEvent().getEvent().getKey()));
                    if (leased.getEventsCount() > 0 && !(member == 3 && round++ % 2 == 0)) {
                        ack(node, leased);
                    } else if (leased.getEventsCount() == 0
                            && group(topic, node).getBehind() == 0) {
                        return;
                    }
                } catch (StatusRuntimeException e) {
                    // No leader for a moment; whether an ack was taken is not known, then nobody gets these any more.
                    assertThat(e.getStatus().getCode())
                            .isIn(Status.Code.UNAVAILABLE, Status.Code.ABORTED, Status.Code.DEADLINE_EXCEEDED);
                    if (e.getStatus().getCode() == Status.Code.ABORTED) {
                        lost.addAll(positions(leased));
                    } else {
                        unknown.addAll(positions(leased));
                    }
                }
            }
        }

        private void ack(String node, LeaseResponse leased) {
            SettleResponse settled = settle(topic, node, leased.getToken(), Settlement.Action.ACK);
            assertThat(settled.getSettled()).isEqualTo(leased.getEventsCount());
            for (long position : positions(leased)) {
                if (ackedBy.put(position, leased.getToken()) != null) {
                    twice.add(position);
                }
            }
        }

        /** Of each key, later events were not leased before earlier ones were acked. */
        void inOrder() {
            Map<String, Long> last = new HashMap<>();
            ackedBy.forEach((position, token) -> {
                String key = String.valueOf(seen.get(position));
                if (token > 0) {
                    assertThat(token).isGreaterThanOrEqualTo(last.getOrDefault(key, 0L));
                    last.put(key, token);
                }
            });
        }
    }

    @Test
    void bothDoorsShareAGroup() throws Exception {
        make("doors", GroupSettings.getDefaultInstance(), 2);
        HttpClient http = HttpClient.newHttpClient();
        String url = "http://" + cluster.httpAddress(cluster.follower()) + "/v1/groups/doors/g";
        String leased = http.send(
                        HttpRequest.newBuilder(URI.create(url + "/lease"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(leased).contains("\"position\":2");
        String token = leased.replaceAll(".*\"token\":([0-9]+).*", "$1");
        assertThat(settle("doors", cluster.awaitLeader(), Long.parseLong(token), Settlement.Action.RELEASE)
                        .getSettled())
                .isEqualTo(2);
        assertThat(positions(lease("doors", cluster.awaitLeader(), 5, 0))).containsExactly(1L, 2L);
    }

    private static void make(String topic, GroupSettings settings, int events) throws Exception {
        TopicsGrpc.newBlockingStub(cluster.channel(cluster.awaitLeader()))
                .createTopic(CreateTopicRequest.newBuilder().setName(topic).build());
        for (int i = 0; i < events; i++) {
            append(topic, "k" + i);
        }
        GroupsGrpc.newBlockingStub(cluster.channel(cluster.follower()))
                .createGroup(CreateGroupRequest.newBuilder()
                        .setTopic(topic)
                        .setName("g")
                        .setSettings(settings)
                        .build());
    }

    private static void append(String topic, String... keys) throws Exception {
        Events.Builder events = Events.newBuilder();
        for (String key : keys) {
            events.addEvents(Event.newBuilder().setKey(key).setPayload(ByteString.copyFromUtf8(key)));
        }
        var unused = LogGrpc.newBlockingStub(cluster.channel(cluster.awaitLeader()))
                .append(AppendRequest.newBuilder()
                        .setTopic(topic)
                        .setEvents(events)
                        .build());
    }

    private static LeaseResponse lease(String topic, String node, int max, long waitMs) {
        return GroupsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .lease(LeaseRequest.newBuilder()
                        .setTopic(topic)
                        .setGroup("g")
                        .setMax(max)
                        .setWaitMs(waitMs)
                        .build());
    }

    private static SettleResponse settle(String topic, String node, long token, Settlement.Action action) {
        return GroupsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .settle(SettleRequest.newBuilder()
                        .setTopic(topic)
                        .setGroup("g")
                        .addSettlements(Settlement.newBuilder().setToken(token).setAction(action))
                        .build());
    }

    private static Group group(String topic, String node) {
        return GroupsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .getGroup(GetGroupRequest.newBuilder()
                        .setTopic(topic)
                        .setName("g")
                        .build());
    }

    private static List<Long> positions(LeaseResponse leased) {
        return leased.getEventsList().stream()
                .map(event -> event.getEvent().getPosition())
                .toList();
    }
}
