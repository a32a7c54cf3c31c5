package io.eckermann.gateway.grpc;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadMemory;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An open gRPC door to a log in memory, and connections to it over real sockets. */
final class LogDoor {
    /** Given, so that the transport does not widen it as it goes: a test may count what it holds. */
    private static final int WINDOW_BYTES = 1 << 20;

    final MemoryShard memory = new MemoryShard();
    final GrpcDoor door;
    final ManagedChannel channel;
    private final Threads threads = new Threads();
    private final List<ManagedChannel> channels = new ArrayList<>();

    LogDoor() throws IOException {
        this(GrpcDoorConfig.at("127.0.0.1", 0));
    }

    LogDoor(GrpcDoorConfig config) throws IOException {
        this(config, new ReadMemory());
    }

    LogDoor(GrpcDoorConfig config, ReadMemory untaken) throws IOException {
        door = new GrpcDoor(
                config,
                List.of(new LogService(
                        new AppendHandler(memory.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE),
                        new ReadHandler(
                                memory.shard(), threads.reads, threads.reads, threads.timer, Quotas.NONE, untaken))));
        door.start();
        channel = connect();
    }

    /** One more connection, once a call needs it. */
    ManagedChannel connect() {
        ManagedChannel further = NettyChannelBuilder.forAddress("127.0.0.1", door.port())
                .usePlaintext()
                .flowControlWindow(WINDOW_BYTES)
                .build();
        channels.add(further);
        return further;
    }

    LogGrpc.LogBlockingStub log() {
        return log(channel);
    }

    static LogGrpc.LogBlockingStub log(ManagedChannel channel) {
        return LogGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    static AppendRequest append(String topic, int payloadBytes) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder()
                        .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[payloadBytes]))))
                .build();
    }

    void close() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel open : channels) {
            open.awaitTermination(60, TimeUnit.SECONDS);
        }
        door.close();
        threads.close();
    }
}
