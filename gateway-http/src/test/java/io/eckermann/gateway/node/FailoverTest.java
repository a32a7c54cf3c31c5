package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineSlot;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients were promised holds when leaders change and nodes restart. One cluster, a topic for each test. */
final class FailoverTest {
    private static final String CONSUMER = "billing";

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
    void retriedSequenceReturnsItsFirstResultAndAddsNothing() throws Exception {
        createTopic("retried");
        AppendResponse first = append("retried", cluster.follower(), 1, "a", "b");
        append("retried", cluster.awaitLeader(), 2, "c");

        for (String id : cluster.ids()) {
            assertRetryChangesNothing(id, first);
        }
        changeLeader();
        for (String id : cluster.ids()) {
            assertRetryChangesNothing(id, first);
        }
        cluster.stopAll();
        cluster.startAll();
        for (String id : cluster.ids()) {
            assertRetryChangesNothing(id, first);
        }
        assertThat(append("retried", cluster.follower(), 3, "d").getFirst()).isEqualTo(4);
    }

    private static void assertRetryChangesNothing(String node, AppendResponse first) {
        AppendResponse again = append("retried", node, 1, "a", "b");
        assertThat(again.getDuplicate()).as(node).isTrue();
        assertThat(again.getFirst()).isEqualTo(first.getFirst());
        assertThat(again.getLast()).isEqualTo(first.getLast());
        assertThat(again.getRecordedNs()).isEqualTo(first.getRecordedNs());
        assertThat(again.getHead()).isEqualTo(3);
        assertThat(head("retried", node)).isEqualTo(3);
    }

    @Test
    void idempotencyKeyIsKnownToEveryLeaderAndComesBeforeConditions() throws Exception {
        createTopic("once");
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("once")
                .setEvents(Events.newBuilder()
                        .addEvents(Event.newBuilder().setType("Placed").addTags("order:1")))
                .addConditions(Condition.newBuilder().setTopicEmpty(true))
                .setIdempotencyKey("place-1")
                .build();
        AppendResponse first = append(cluster.follower(), request);
        assertThat(first.getFirst()).isEqualTo(1);
        for (int leaders = 0; leaders < 2; leaders++) {
            for (String id : cluster.ids()) {
                AppendResponse again = append(id, request);
                assertThat(again.getDuplicate()).as(id).isTrue();
                assertThat(again.getRecordedNs()).isEqualTo(first.getRecordedNs());
                StatusRuntimeException refused = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> append(
                                id,
                                request.toBuilder().setIdempotencyKey("place-2").build()));
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            }
            changeLeader();
        }
        assertThat(head("once", cluster.follower())).isEqualTo(1);
    }

    @Test
    void everyNodeTellsTimesAndResetsCursorsAlsoWhenTheLeaderChanged() throws Exception {
        var made = TopicsGrpc.newBlockingStub(cluster.channel(cluster.follower()))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .createTopic(CreateTopicRequest.newBuilder()
                        .setName("timed")
                        .setSettings(TopicSettings.newBuilder().setIndexEventTime(true))
                        .build());
        assertThat(made.getTopic().getSettings().getIndexEventTime()).isTrue();
        AppendResponse first = append(cluster.follower(), timed(30, 10));
        changeLeader();
        AppendResponse second = append(cluster.follower(), timed(20));
        assertThat(second.getRecordedNs()).isGreaterThan(first.getRecordedNs() + 1);
        for (String id : cluster.ids()) {
            assertThat(log(id).readByEventTime(ReadByEventTimeRequest.newBuilder()
                                    .setTopic("timed")
                                    .build())
                            .getEventsList())
                    .as(id)
                    .extracting(RecordedEvent::getPosition)
                    .containsExactly(2L, 3L, 1L);
            assertThat(log(id).getTimeline(TimelineRequest.newBuilder()
                                    .setTopic("timed")
                                    .setSinceNs(second.getRecordedNs())
                                    .build())
                            .getSlotsList())
                    .as(id)
                    .extracting(TimelineSlot::getFirst)
                    .containsExactly(3L);
            Cursor reset = cursors(id)
                    .resetCursor(ResetCursorRequest.newBuilder()
                            .setConsumer(CONSUMER)
                            .setTopic("timed")
                            .setTime(TimeStart.newBuilder().setRecordedNs(second.getRecordedNs()))
                            .build());
            assertThat(reset.getNext()).as(id).isEqualTo(3);
            assertThat(reset.getLag()).isEqualTo(1);
        }
    }

    private static AppendRequest timed(long... timesNs) {
        Events.Builder events = Events.newBuilder();
        for (long timeNs : timesNs) {
            events.addEvents(Event.newBuilder().setTimeNs(timeNs));
        }
        return AppendRequest.newBuilder().setTopic("timed").setEvents(events).build();
    }

    @Test
    void cursorsSurviveFailoverAndRestart() throws Exception {
        createTopic("read");
        append("read", "n1", 1, "a", "b", "c");
        commit(cluster.follower(), 2);

        String leader = cluster.awaitLeader();
        cluster.stop(leader);
        assertThat(cursor(cluster.follower())).isEqualTo(2);
        commit(cluster.follower(), 3);
        cluster.start(leader);
        assertThat(cursor(leader)).isEqualTo(3);

        cluster.stopAll();
        cluster.startAll();
        for (String id : cluster.ids()) {
            assertThat(cursor(id)).as(id).isEqualTo(3);
        }
    }

    @Test
    void followOnAFollowerGoesOnWithoutGapOrDuplicateAcrossLeaderChanges() throws Exception {
        int count = 300;
        createTopic("followed");
        String follower = cluster.follower();
        BlockingQueue<RecordedEvent> seen = new LinkedBlockingQueue<>();
        Context.CancellableContext call = Context.current().withCancellation();
        try {
            call.run(() -> follow(follower, seen));
            for (int i = 1; i <= count; i++) {
                append("followed", cluster.ids().get(i % 3), i, "event " + i);
                if (i % 100 == 50) {
                    changeLeader();
                }
            }
            List<RecordedEvent> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(seen.poll(60, TimeUnit.SECONDS));
            }
            assertThat(events)
                    .extracting(RecordedEvent::getPosition)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, count).boxed().toList());
            assertThat(events)
                    .extracting(event -> event.getEvent().getPayload().toStringUtf8())
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, count)
                            .mapToObj(i -> "event " + i)
                            .toList());
            assertThat(events).extracting(RecordedEvent::getRecordedNs).isSorted();
            assertThat(seen).isEmpty();
        } finally {
            call.cancel(null);
        }
    }

    private static void follow(String node, BlockingQueue<RecordedEvent> seen) {
        LogGrpc.newStub(cluster.channel(node))
                .withWaitForReady()
                .read(
                        ReadRequest.newBuilder()
                                .setTopic("followed")
                                .setFrom(1)
                                .setFollow(true)
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ReadFrame frame) {
                                seen.addAll(frame.getEvents().getEventsList());
                            }

                            @Override
                            public void onError(Throwable ended) {}

                            @Override
                            public void onCompleted() {}
                        });
    }

    @Test
    void serverSentEventsGoOnAtAnotherNodeWithoutGapOrDuplicate() throws Exception {
        createTopic("streamed");
        String lost = cluster.follower();
        String other = cluster.awaitLeader();
        for (int i = 1; i <= 40; i++) {
            append("streamed", other, i, "event " + i);
        }
        EventSource source = new EventSource("streamed");
        source.connect(cluster.httpAddress(lost));
        source.readUntil(20);
        cluster.stop(lost);
        for (int i = 41; i <= 60; i++) {
            append("streamed", other, i, "event " + i);
        }
        source.readToItsEnd();
        source.connect(cluster.httpAddress(other));
        source.readUntil(60);
        source.close();
        assertThat(source.seen())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 60).boxed().toList());
        cluster.start(lost);
    }

    @Test
    void twoInstancesOnTwoNodesCommitEachEventOnce() throws Exception {
        createTopic("shared");
        append("shared", cluster.follower(), 1, "a", "b", "c", "d", "e", "f");
        ConsumingInstance one = new ConsumingInstance(cluster.channel(cluster.awaitLeader()), "shared", CONSUMER);
        ConsumingInstance other = new ConsumingInstance(cluster.channel(cluster.follower()), "shared", CONSUMER);
        List<Long> committed = new ArrayList<>();
        while (committed.isEmpty() || committed.get(committed.size() - 1) < 6) {
            one.step(committed);
            other.step(committed);
        }
        assertThat(committed).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        one.finish();
        other.finish();
    }

    @Test
    void goethesLoopGetsAllEventsInOrderAcrossARestartOfTheLeader() throws Exception {
        GoetheLoop.acrossARestartOfTheLeader(cluster);
    }

    @Test
    void linearizableReadOnAnyNodeSeesAnAppendThroughAnother() throws Exception {
        createTopic("fresh");
        for (int i = 1; i <= 200; i++) {
            String writer = cluster.ids().get(i % 3);
            String reader = cluster.ids().get((i + 1 + i % 2) % 3);
            append("fresh", writer, i, "event " + i);

            assertThat(head("fresh", reader))
                    .as("%s right after %s", reader, writer)
                    .isEqualTo(i);
        }
    }

    /** To a node that did not lead; returns when all agree. */
    private static void changeLeader() throws Exception {
        String leader = cluster.awaitLeader();
        String next = cluster.follower();
        cluster.running(leader).log().transferLeadership(next).get(60, TimeUnit.SECONDS);
        Await.until(next + " leads", () -> cluster.awaitLeader().equals(next));
    }

    private static void createTopic(String name) {
        var unused = TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .createTopic(CreateTopicRequest.newBuilder().setName(name).build());
    }

    /** As a client does: tries again with the same sequence, so whatever a leader change does to the first is fine. */
    private static AppendResponse append(String topic, String node, long sequence, String... texts) {
        Events.Builder events = Events.newBuilder();
        for (String text : texts) {
            events.addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(text)));
        }
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(events)
                .setProducer(Producer.newBuilder().setId("p").setSequence(sequence))
                .build();
        return append(node, request);
    }

    private static AppendResponse append(String node, AppendRequest request) {
        for (int tries = 1; ; tries++) {
            try {
                return log(node).append(request);
            } catch (StatusRuntimeException e) {
                if (tries == 5) {
                    throw e;
                }
            }
        }
    }

    private static long head(String topic, String node) {
        return log(node)
                .getHead(GetHeadRequest.newBuilder()
                        .setTopic(topic)
                        .setConsistency(Consistency.LINEARIZABLE)
                        .build())
                .getHead();
    }

    private static LogGrpc.LogBlockingStub log(String node) {
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static void commit(String node, long position) {
        var unused = cursors(node)
                .commitCursor(CommitCursorRequest.newBuilder()
                        .setConsumer(CONSUMER)
                        .setTopic("read")
                        .setPosition(position)
                        .build());
    }

    private static long cursor(String node) {
        return cursors(node)
                .getCursor(GetCursorRequest.newBuilder()
                        .setConsumer(CONSUMER)
                        .setTopic("read")
                        .build())
                .getPosition();
    }

    private static CursorsGrpc.CursorsBlockingStub cursors(String node) {
        return CursorsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }
}
