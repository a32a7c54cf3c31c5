package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the door does with more than an append may hold. */
class TooLargeAppendsTest {
    private LogDoor door;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor();
        door.memory.newTopic("orders");
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void tooManyEventsAreRefusedByTheirNumber() {
        Status status = refusal(
                Collections.nCopies(500_000, Event.newBuilder().addTags("").build()));
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription()).contains("Too many events");
    }

    @Test
    void tooManyBytesAreRefusedAndFarTooManyAreNotEvenRead() {
        Event large = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[Limits.APPEND_BYTES_MAX / 2 + (1 << 10)]))
                .build();
        assertThat(refusal(List.of(large, large)).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal(List.of(large, large, large)).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void appendsToSeveralTopicsAreCountedBeforeTheyAreMade() {
        AppendRequest half = AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addAllEvents(Collections.nCopies(200_000, Event.getDefaultInstance())))
                .build();
        assertThat(refusal(AppendManyRequest.newBuilder()
                                .addAppends(half)
                                .addAppends(half)
                                .build())
                        .getDescription())
                .contains("Too many events");
        List<AppendRequest> empty = Collections.nCopies(500_000, AppendRequest.getDefaultInstance());
        assertThat(refusal(AppendManyRequest.newBuilder().addAllAppends(empty).build())
                        .getDescription())
                .contains("at most 100 topics");
        List<CommitCursorRequest> cursors = Collections.nCopies(500_000, CommitCursorRequest.getDefaultInstance());
        assertThat(refusal(AppendManyRequest.newBuilder().addAllCursors(cursors).build())
                        .getDescription())
                .contains("at most 100 cursors");
    }

    private Status refusal(AppendManyRequest request) {
        return catchThrowableOfType(
                        StatusRuntimeException.class, () -> door.log().appendMany(request))
                .getStatus();
    }

    private Status refusal(List<Event> events) {
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addAllEvents(events))
                .build();
        return catchThrowableOfType(
                        StatusRuntimeException.class, () -> door.log().append(request))
                .getStatus();
    }
}
