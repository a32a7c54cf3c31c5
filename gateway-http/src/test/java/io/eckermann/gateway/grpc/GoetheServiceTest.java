package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.goethe.Cursor;
import io.eckermann.protocol.goethe.Event;
import io.eckermann.protocol.goethe.GoetheGrpc;
import io.eckermann.protocol.goethe.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Goethe's own tables of cases, by its messages alone. */
class GoetheServiceTest {
    private final ConsumeDoor door;

    GoetheServiceTest() throws IOException {
        door = new ConsumeDoor(true);
    }

    @AfterEach
    void close() throws InterruptedException {
        door.close();
    }

    @Test
    void producingMakesTheTopicAndReturnsTheEventWithItsRecordedTime() {
        Event first = produce("faust", "a");
        Event second = produce("faust", "b");
        assertThat(first.getPayload().toStringUtf8()).isEqualTo("a");
        assertThat(first.getTopic().getId()).isEqualTo("faust");
        assertThat(Long.parseLong(second.getId())).isGreaterThan(Long.parseLong(first.getId()));
    }

    @Test
    void anEventNeedsATopicAndAPayload() {
        assertThat(refused("", "a")).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused("faust", "")).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused("a:b", "a")).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void topicsAreNotMadeWhereThatIsSwitchedOff() throws Exception {
        ConsumeDoor strict = new ConsumeDoor(false);
        try {
            StatusRuntimeException refusal = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> GoetheGrpc.newBlockingStub(strict.channel).produce(event("faust", "a")));
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        } finally {
            strict.close();
        }
    }

    @Test
    void aConsumerGetsOneEventAtATimeUntilThereAreNoMore() throws Exception {
        for (String text : List.of("a", "b", "c")) {
            produce("faust", text);
        }
        Dialogue<Cursor, Cursor> call = consume("");
        Cursor first = call.next();
        assertThat(text(first)).isEqualTo("a");
        assertThat(first.getConsumer()).isEqualTo("reader");
        assertThat(first.getTopic().getId()).isEqualTo("faust");
        call.send(first);
        Cursor second = call.next();
        call.send(second);
        Cursor third = call.next();
        produce("faust", "d");
        call.send(third);
        Cursor fourth = call.next();
        assertThat(List.of(text(second), text(third), text(fourth)))
                .as("also what came meanwhile")
                .containsExactly("b", "c", "d");
        call.send(fourth);
        assertThat(call.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        assertThat(consume("").status().getCode())
                .as("nothing behind the cursor")
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        produce("faust", "e");
        assertThat(text(consume("").next())).isEqualTo("e");
    }

    @Test
    void anIdIsSoughtInclusivelyAndLeadsToTheNextOneWhenThereIsNone() throws Exception {
        produce("faust", "a");
        Event second = produce("faust", "b");
        assertThat(text(consume(second.getId()).next())).isEqualTo("b");
        assertThat(text(consume("1").next())).isEqualTo("a");
        long beyond = Long.parseLong(second.getId()) + 1_000_000_000_000_000L;
        assertThat(consume(Long.toString(beyond)).status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(consume("second").status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void twoInstancesMoveOneCursor() throws Exception {
        for (String text : List.of("a", "b", "c")) {
            produce("faust", text);
        }
        Dialogue<Cursor, Cursor> one = consume("");
        Dialogue<Cursor, Cursor> other = consume("");
        Cursor first = one.next();
        assertThat(other.next()).isEqualTo(first);
        one.send(first);
        Cursor second = one.next();
        one.send(second);
        assertThat(text(one.next())).isEqualTo("c");
        other.send(first);
        assertThat(text(other.next()))
                .as("behind what the first instance committed")
                .isEqualTo("c");
    }

    @Test
    void anotherCursorThanWasSentIsStoredAsItIsAndEventsGoOn() throws Exception {
        Event first = produce("faust", "a");
        for (String text : List.of("b", "c")) {
            produce("faust", text);
        }
        Dialogue<Cursor, Cursor> call = consume("");
        call.send(call.next());
        Cursor second = call.next();
        call.send(second.toBuilder().setCurrentEvent(first).build());
        assertThat(text(call.next())).isEqualTo("c");
        call.halfClose();
        assertThat(call.status().isOk()).isTrue();
        assertThat(text(consume("").next())).isEqualTo("b");
    }

    @Test
    void aFailedCommitDoesNotEndTheStream() throws Exception {
        produce("faust", "a");
        produce("faust", "b");
        Dialogue<Cursor, Cursor> call = consume("");
        Cursor first = call.next();
        door.memory.refusal = ErrorCode.OVERLOADED;
        call.send(first);
        assertThat(text(call.next())).isEqualTo("b");
    }

    @Test
    void everyCursorNamesItsConsumerAndTopic() throws Exception {
        produce("faust", "a");
        Cursor whole = cursor("");
        assertThat(open().send(whole.toBuilder().clearConsumer().build())
                        .status()
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(open().send(whole.toBuilder().clearTopic().build()).status().getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        Dialogue<Cursor, Cursor> call = consume("");
        call.send(call.next().toBuilder().clearConsumer().build());
        assertThat(call.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aTopicNobodyProducedToHasNoMoreEvents() throws Exception {
        assertThat(consume("").status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private Dialogue<Cursor, Cursor> open() {
        return new Dialogue<>(GoetheGrpc.newStub(door.channel)::consume);
    }

    private Dialogue<Cursor, Cursor> consume(String id) {
        return open().send(cursor(id));
    }

    private static Cursor cursor(String id) {
        return Cursor.newBuilder()
                .setTopic(Topic.newBuilder().setId("faust"))
                .setConsumer("reader")
                .setCurrentEvent(Event.newBuilder().setId(id))
                .build();
    }

    private Event produce(String topic, String text) {
        return GoetheGrpc.newBlockingStub(door.channel).produce(event(topic, text));
    }

    private Status.Code refused(String topic, String text) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> produce(topic, text))
                .getStatus()
                .getCode();
    }

    private static Event event(String topic, String text) {
        return Event.newBuilder()
                .setId("a client's id is not taken")
                .setTopic(Topic.newBuilder().setId(topic))
                .setPayload(ByteString.copyFromUtf8(text))
                .build();
    }

    private static String text(Cursor cursor) {
        return cursor.getCurrentEvent().getPayload().toStringUtf8();
    }
}
