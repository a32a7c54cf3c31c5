package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eckermann.gateway.Answers;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A door for two connections with three calls each. */
class DoorLimitsTest {
    private LogDoor door;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor(new GrpcDoorConfig("127.0.0.1", 0, 2, 3));
        door.memory.newTopic("orders");
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void oneCallTooManyIsRefusedAndAnotherConnectionHasItsOwn() throws Exception {
        Context.CancellableContext first = follow(door.channel);
        Context.CancellableContext second = follow(door.channel);
        Context.CancellableContext third = follow(door.channel);
        Status refusal = refusal(door.channel);
        assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refusal.getDescription()).contains("Too many calls are open on this connection");
        assertThat(head(door.connect()).getHead()).isZero();
        second.cancel(null);
        // The door learns of it a moment later.
        Answers.await(() -> answers(door.channel));
        first.cancel(null);
        third.cancel(null);
    }

    @Test
    void callsThatEndedDoNotCount() {
        for (int i = 0; i < 20; i++) {
            assertThat(head(door.channel).getHead()).isZero();
        }
    }

    @Test
    void callsOfOneConnectionTooManyAreRefusedUntilThereIsRoom() throws Exception {
        ManagedChannel second = door.connect();
        assertThat(head(door.channel).getHead()).isZero();
        assertThat(head(second).getHead()).isZero();
        ManagedChannel third = door.connect();
        for (int i = 0; i < 3; i++) {
            Status refusal = refusal(third);
            assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refusal.getDescription()).contains("This node has too many connections");
        }
        assertThat(head(second).getHead()).as("others go on").isZero();
        second.shutdownNow();
        assertThat(second.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        Answers.await(() -> answers(third));
    }

    /** A read that goes on until it is cancelled. */
    private static Context.CancellableContext follow(ManagedChannel channel) throws Exception {
        Context.CancellableContext context = Context.current().withCancellation();
        ReadRequest follow =
                ReadRequest.newBuilder().setTopic("orders").setFollow(true).build();
        Iterator<ReadFrame> frames = context.call(() -> LogDoor.log(channel).read(follow));
        assertThat(frames.next().hasStarted()).isTrue();
        return context;
    }

    private static GetHeadResponse head(ManagedChannel channel) {
        return LogDoor.log(channel)
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build());
    }

    private static boolean answers(ManagedChannel channel) {
        try {
            return head(channel).getHead() == 0;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private static Status refusal(ManagedChannel channel) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> head(channel))
                .getStatus();
    }
}
