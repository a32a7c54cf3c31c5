package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.grpc.Dialogue;
import io.eckermann.protocol.goethe.Cursor;
import io.eckermann.protocol.goethe.Event;
import io.eckermann.protocol.goethe.GoetheGrpc;
import io.eckermann.protocol.goethe.Topic;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A client of Goethe's: knows its messages alone, and has its loop. */
final class GoetheLoop {
    private static final int EVENTS = 60;

    private GoetheLoop() {}

    /** Produces and consumes with the leader going away and coming back in between. */
    static void acrossARestartOfTheLeader(TestCluster cluster) throws Exception {
        String leader = cluster.awaitLeader();
        String door = cluster.follower();
        produce(cluster, leader, 0, EVENTS / 2);

        List<Integer> seen = new ArrayList<>();
        consume(cluster, leader, seen, EVENTS / 4);
        cluster.stop(leader);
        consume(cluster, door, seen, EVENTS / 2 - 1);
        produce(cluster, door, EVENTS / 2, EVENTS);
        cluster.start(leader);
        consume(cluster, leader, seen, EVENTS - 1);

        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i) - seen.get(i - 1))
                    .as("event after %s", seen.subList(0, i))
                    .isBetween(0, 1);
        }
        assertThat(seen).containsAll(IntStream.range(0, EVENTS).boxed().toList());
        assertThat(seen)
                .as("one in flight: one may come again after each break")
                .hasSizeLessThan(EVENTS + 10);
    }

    private static void produce(TestCluster cluster, String node, int from, int to) {
        for (int i = from; i < to; i++) {
            var unused = GoetheGrpc.newBlockingStub(cluster.channel(node))
                    .withWaitForReady()
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .produce(Event.newBuilder()
                            .setTopic(topic())
                            .setPayload(ByteString.copyFromUtf8(Integer.toString(i)))
                            .build());
        }
    }

    /** Opens stream after stream, each from a blank cursor, until that event was returned. */
    private static void consume(TestCluster cluster, String node, List<Integer> seen, int last) throws Exception {
        Cursor blank =
                Cursor.newBuilder().setTopic(topic()).setConsumer("default").build();
        while (seen.isEmpty() || seen.get(seen.size() - 1) < last) {
            Dialogue<Cursor, Cursor> call = new Dialogue<>(
                    GoetheGrpc.newStub(cluster.channel(node)).withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS)
                            ::consume);
            try {
                call.send(blank);
                while (!call.isOver() && (seen.isEmpty() || seen.get(seen.size() - 1) < last)) {
                    Cursor cursor = call.poll(1);
                    if (cursor != null) {
                        seen.add(Integer.parseInt(
                                cursor.getCurrentEvent().getPayload().toStringUtf8()));
                        call.send(cursor);
                    }
                }
                call.halfClose();
                var unused = call.status();
            } catch (StatusRuntimeException | IllegalStateException broken) {
                // The stream ended meanwhile: the next one goes on behind the cursor.
                assertThat(call.status().isOk()).isFalse();
            }
        }
    }

    private static Topic topic() {
        return Topic.newBuilder().setId("faust").build();
    }
}
