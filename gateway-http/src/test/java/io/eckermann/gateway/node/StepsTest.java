package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop that consumes, transforms and produces, against real nodes whose leader changes. */
final class StepsTest {
    private static final int ORDERS = 120;

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

    /**
     * Each life of the loop begins at the cursor, and ends when a call fails, or with a step whose answer it does not
     * wait for: that one is still under way when the next life asks where the cursor is.
     */
    @Test
    void loopThatIsCutAndBegunAnewAcrossLeadersNeitherLosesNorRepeatsAStep() throws Exception {
        create("orders");
        create("invoices");
        var unused = log("n1")
                .append(append(
                        "orders",
                        IntStream.rangeClosed(1, ORDERS)
                                .mapToObj(order -> "order " + order)
                                .toList()));
        long done = 0;
        int lives = 0;
        while (done < ORDERS) {
            String node = cluster.ids().get(lives++ % 3);
            done = position(node);
            done = live(node, done, done + 3 + lives % 7);
            if (lives % 8 == 3) {
                changeLeader();
            }
        }
        assertThat(lives).isGreaterThan(10);
        assertThat(payloads("invoices"))
                .isEqualTo(IntStream.rangeClosed(1, ORDERS)
                        .mapToObj(order -> "invoice for order " + order)
                        .toList());
    }

    /** Returns where it got to, as far as it knows. */
    private static long live(String node, long from, long to) {
        long done = from;
        try {
            while (done < Math.min(to, ORDERS)) {
                var unused = log(node).appendMany(step(done));
                done++;
            }
        } catch (StatusRuntimeException e) {
            // Killed by whatever it was: also when a step of its former life came first.
            return done;
        }
        if (done < ORDERS) {
            LogGrpc.newStub(cluster.channel(node)).appendMany(step(done), new NotWaitedFor());
        }
        return done;
    }

    private static final class NotWaitedFor implements StreamObserver<AppendManyResponse> {
        @Override
        public void onNext(AppendManyResponse answer) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    @Test
    void everyNodeTakesAStepAndTellsOfItsRefusal() throws Exception {
        create("left");
        create("right");
        for (String node : cluster.ids()) {
            AppendManyRequest request = AppendManyRequest.newBuilder()
                    .addAppends(append("left", List.of(node)))
                    .addAppends(append("right", List.of(node)))
                    .setIdempotencyKey("of-" + node)
                    .build();
            AppendManyResponse first = log(node).appendMany(request);
            for (String other : cluster.ids()) {
                AppendManyResponse again = log(other).appendMany(request);
                assertThat(again.getDuplicate()).isTrue();
                assertThat(again.getAppends(1).getFirst())
                        .isEqualTo(first.getAppends(1).getFirst());
            }
            AppendManyRequest.Builder refused =
                    AppendManyRequest.newBuilder().addAppends(append("left", List.of(node)));
            refused.addAppends(append("right", List.of(node)).toBuilder()
                    .addConditions(Condition.newBuilder().setTopicEmpty(true)));
            StatusRuntimeException failure = catchThrowableOfType(
                    StatusRuntimeException.class, () -> log(node).appendMany(refused.build()));
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(failure.getTrailers()).asString().contains("grpc-status-details-bin");
        }
        assertThat(payloads("left")).isEqualTo(cluster.ids()).isEqualTo(payloads("right"));
    }

    private static AppendManyRequest step(long done) {
        return AppendManyRequest.newBuilder()
                .addAppends(append("invoices", List.of("invoice for order " + (done + 1))))
                .addCursors(CommitCursorRequest.newBuilder()
                        .setConsumer("billing")
                        .setTopic("orders")
                        .setExpected(done)
                        .setPosition(done + 1))
                .build();
    }

    private static long position(String node) {
        ListCursorsRequest request = ListCursorsRequest.newBuilder()
                .setTopic("orders")
                .setConsumer("billing")
                .build();
        return CursorsGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .listCursors(request)
                .getCursorsList()
                .stream()
                .mapToLong(Cursor::getPosition)
                .findFirst()
                .orElse(0);
    }

    private static AppendRequest append(String topic, List<String> payloads) {
        Events.Builder events = Events.newBuilder();
        payloads.forEach(payload -> events.addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload))));
        return AppendRequest.newBuilder().setTopic(topic).setEvents(events).build();
    }

    private static List<String> payloads(String topic) {
        List<String> payloads = new ArrayList<>();
        Iterator<ReadFrame> frames =
                log("n2").read(ReadRequest.newBuilder().setTopic(topic).build());
        while (frames.hasNext()) {
            for (RecordedEvent event : frames.next().getEvents().getEventsList()) {
                payloads.add(event.getEvent().getPayload().toStringUtf8());
            }
        }
        return payloads;
    }

    private static void create(String topic) {
        var unused = TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .createTopic(CreateTopicRequest.newBuilder().setName(topic).build());
    }

    private static LogGrpc.LogBlockingStub log(String node) {
        return LogGrpc.newBlockingStub(cluster.channel(node))
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static void changeLeader() throws Exception {
        String leader = cluster.awaitLeader();
        String next = cluster.follower();
        cluster.running(leader).log().transferLeadership(next).get(60, TimeUnit.SECONDS);
        Await.until(next + " leads", () -> cluster.awaitLeader().equals(next));
    }
}
