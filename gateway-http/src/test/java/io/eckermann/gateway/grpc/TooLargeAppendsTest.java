package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the door does with more than an append may hold. */
class TooLargeAppendsTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final GrpcDoor door = new GrpcDoor(
            "127.0.0.1",
            0,
            List.of(new LogService(
                    new AppendHandler(memory.shard(), threads.reads),
                    new ReadHandler(memory.shard(), threads.reads, threads.reads, threads.timer))));
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        memory.newTopic("orders");
        door.start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(60, TimeUnit.SECONDS);
        door.close();
        threads.close();
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

    private Status refusal(List<Event> events) {
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addAllEvents(events))
                .build();
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> LogGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(60, TimeUnit.SECONDS)
                                .append(request))
                .getStatus();
    }
}
