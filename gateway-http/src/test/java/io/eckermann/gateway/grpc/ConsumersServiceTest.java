package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumersServiceTest {
    private final ConsumeDoor door;

    ConsumersServiceTest() throws IOException {
        door = new ConsumeDoor(true);
    }

    @BeforeEach
    void fill() {
        door.memory.newTopic("orders");
        door.append("orders", "a", "b", "c");
    }

    @AfterEach
    void close() throws InterruptedException {
        door.close();
    }

    @Test
    void anEventComesOnceTheOneBeforeItIsCommitted() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        for (int position = 1; position <= 3; position++) {
            assertThat(position(call.next())).isEqualTo(position);
            call.send(returned(position));
            assertThat(call.next().getCommitted().getPosition()).isEqualTo(position);
        }
        assertThat(call.next().getCaughtUp().getHead()).isEqualTo(3);
        door.append("orders", "d");
        assertThat(position(call.next())).isEqualTo(4);
        assertThat(call.halfClose().status().isOk()).isTrue();

        assertThat(position(consume(0).next())).as("behind the cursor").isEqualTo(4);
        assertThat(position(consume(2).next())).as("where it says").isEqualTo(2);
    }

    @Test
    void ofTwoInstancesOneCommitsAndTheOtherGoesOnBehindIt() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> one = consume(0);
        Dialogue<ConsumeRequest, ConsumeFrame> other = consume(0);
        assertThat(position(one.next())).isEqualTo(1);
        assertThat(position(other.next())).isEqualTo(1);
        one.send(returned(1));
        assertThat(one.next().hasCommitted()).isTrue();
        assertThat(position(one.next())).isEqualTo(2);
        one.send(returned(2));
        assertThat(one.next().hasCommitted()).isTrue();

        other.send(returned(1));
        assertThat(other.next().getTaken().getPosition()).isEqualTo(2);
        assertThat(position(other.next())).isEqualTo(3);
        other.send(returned(3));
        assertThat(other.next().getCommitted().getPosition()).isEqualTo(3);
    }

    @Test
    void aCursorThatWasPutBackBringsItsEventsAgain() throws Exception {
        door.commit("orders", "billing", 2);
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        assertThat(position(call.next())).isEqualTo(3);
        door.commit("orders", "billing", 0);
        call.send(returned(3));
        assertThat(call.next().getTaken().getPosition()).isZero();
        assertThat(position(call.next())).isEqualTo(1);
    }

    @Test
    void halfClosingWaitsForTheCommitUnderWay() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        assertThat(position(call.next())).isEqualTo(1);
        CompletableFuture<Void> hold = new CompletableFuture<>();
        door.memory.hold = hold;
        call.send(returned(1)).halfClose();
        assertThat(call.isOver()).isFalse();
        hold.complete(null);
        assertThat(call.next().getCommitted().getPosition()).isEqualTo(1);
        assertThat(call.status().isOk()).isTrue();
    }

    @Test
    void aFailedCommitDoesNotEndTheStreamAndTheNextOneCoversIt() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        assertThat(position(call.next())).isEqualTo(1);
        door.memory.refusal = ErrorCode.OVERLOADED;
        call.send(returned(1));
        assertThat(call.next().getNotCommitted().getCode()).isEqualTo("OVERLOADED");
        assertThat(position(call.next())).isEqualTo(2);
        door.memory.refusal = null;
        call.send(returned(2));
        assertThat(call.next().getCommitted().getPosition()).isEqualTo(2);
    }

    @Test
    void aCommitThatWasDoneWithoutAnAnswerIsNotTakenForAnotherInstance() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        assertThat(position(call.next())).isEqualTo(1);
        door.memory.refusal = ErrorCode.COMMIT_TIMED_OUT;
        call.send(returned(1));
        assertThat(call.next().getNotCommitted().getCode()).isEqualTo("COMMIT_TIMED_OUT");
        door.memory.refusal = null;
        door.commit("orders", "billing", 1);
        assertThat(position(call.next())).isEqualTo(2);
        call.send(returned(2));
        assertThat(call.next().getCommitted().getPosition()).isEqualTo(2);
    }

    @Test
    void whatMakesNoSenseEndsTheCall() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> wrong = consume(0);
        assertThat(position(wrong.next())).isEqualTo(1);
        assertThat(wrong.send(returned(2)).status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);

        Dialogue<ConsumeRequest, ConsumeFrame> other = consume(0);
        assertThat(position(other.next())).isEqualTo(1);
        other.send(returned(1).toBuilder().setTopic("invoices").build());
        assertThat(other.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);

        assertThat(open().send(request("nowhere", "billing", 0)).status().getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(open().send(request("orders", "", 0)).status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(open().halfClose().status().isOk()).isTrue();
    }

    @Test
    void aClosingDoorEndsOpenCallsSoThatTheyGoElsewhere() throws Exception {
        Dialogue<ConsumeRequest, ConsumeFrame> call = consume(0);
        assertThat(position(call.next())).isEqualTo(1);
        door.door.close();
        assertThat(call.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private Dialogue<ConsumeRequest, ConsumeFrame> open() {
        return new Dialogue<>(ConsumersGrpc.newStub(door.channel)::consume);
    }

    private Dialogue<ConsumeRequest, ConsumeFrame> consume(long position) {
        return open().send(request("orders", "billing", position));
    }

    private static ConsumeRequest request(String topic, String consumer, long position) {
        return ConsumeRequest.newBuilder()
                .setTopic(topic)
                .setConsumer(consumer)
                .setPosition(position)
                .build();
    }

    private static ConsumeRequest returned(long position) {
        return ConsumeRequest.newBuilder().setPosition(position).build();
    }

    private static long position(ConsumeFrame frame) {
        assertThat(frame.hasEvent()).as(frame.toString()).isTrue();
        return frame.getEvent().getPosition();
    }
}
