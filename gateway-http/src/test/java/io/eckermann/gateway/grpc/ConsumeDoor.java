package io.eckermann.gateway.grpc;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gRPC door to a log in memory where topics are consumed, both ways. */
final class ConsumeDoor {
    private static final Duration LONG = Duration.ofSeconds(60);

    final MemoryShard memory = new MemoryShard();
    final GrpcDoor door;
    final ManagedChannel channel;
    final CursorHandler cursors;
    private final AppendHandler appends;
    private final Threads threads = new Threads();

    ConsumeDoor(boolean createsTopics) throws IOException {
        ReadHandler reads = new ReadHandler(memory.shard(), threads.reads, threads.reads, threads.timer);
        cursors = new CursorHandler(memory.shard(), threads.reads, Clock.systemUTC());
        appends = new AppendHandler(memory.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        ConsumeHandler consumers = new ConsumeHandler(reads, cursors);
        TopicHandler topics = new TopicHandler(memory.shard(), threads.reads);
        door = new GrpcDoor(
                GrpcDoorConfig.at("127.0.0.1", 0),
                List.of(
                        new ConsumersService(consumers),
                        new GoetheService(appends, topics, consumers, reads, createsTopics)));
        door.start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port())
                .usePlaintext()
                .build();
    }

    void append(String topic, String... texts) {
        Events.Builder events = Events.newBuilder();
        for (String text : texts) {
            events.addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(text)));
        }
        var unused = appends.append(
                        AppendRequest.newBuilder()
                                .setTopic(topic)
                                .setEvents(events)
                                .build(),
                        LONG)
                .join();
    }

    /** Moves the cursor, as somebody else does. */
    void commit(String topic, String consumer, long position) {
        var unused = cursors.commit(
                        CommitCursorRequest.newBuilder()
                                .setTopic(topic)
                                .setConsumer(consumer)
                                .setPosition(position)
                                .setAllowRewind(true)
                                .build(),
                        LONG)
                .join();
    }

    void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(60, TimeUnit.SECONDS);
        door.close();
        threads.close();
    }
}
