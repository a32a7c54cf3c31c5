package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers that stop reading, over real sockets. */
class StuckReadersTest {
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
    void aReaderThatNeverReadsHoldsLittleAndBlocksNobody() {
        memory.newTopic("orders");
        int appends = 60;
        for (int i = 0; i < appends; i++) {
            log().append(append("orders", 900_000));
        }
        int pagesBefore = memory.pages.get();
        ReadRequest chunks = ReadRequest.newBuilder()
                .setTopic("orders")
                .setFormat(ReadRequest.Format.CHUNKS)
                .build();
        List<Stuck> stuck = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Stuck reader = new Stuck();
            LogGrpc.newStub(channel).read(chunks, reader);
            stuck.add(reader);
        }
        Answers.await(() -> stuck.stream().allMatch(reader -> reader.frames.get() == 1));
        // Others go on over the same connection, all the way, and appends too.
        for (int round = 0; round < 2; round++) {
            long events = 0;
            Iterator<ReadFrame> frames = log().read(chunks);
            while (frames.hasNext()) {
                events += frames.next().getChunks().getChunksList().stream()
                        .mapToInt(slice -> slice.getTake())
                        .sum();
            }
            assertThat(events).isEqualTo(appends);
        }
        assertThat(log().append(append("orders", 1)).getFirst()).isEqualTo(appends + 1);
        // A page is one append here: each of the stuck got what fills the window and the transport's buffer.
        int pagesOfStuck = memory.pages.get() - pagesBefore - 2 * appends;
        assertThat(pagesOfStuck).as("of 5 times %s", appends).isLessThanOrEqualTo(5 * 10);
        assertThat(stuck).allMatch(reader -> reader.frames.get() == 1);
        stuck.forEach(Stuck::cancel);
    }

    /** Takes the first frame and nothing else. */
    private static final class Stuck implements ClientResponseObserver<ReadRequest, ReadFrame> {
        final AtomicInteger frames = new AtomicInteger();
        /** Null until the call begins. */
        volatile @Nullable ClientCallStreamObserver<ReadRequest> call;

        void cancel() {
            Objects.requireNonNull(call).cancel("enough", null);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadRequest> started) {
            call = started;
            started.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(ReadFrame frame) {
            frames.incrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    private LogGrpc.LogBlockingStub log() {
        return LogGrpc.newBlockingStub(channel);
    }

    private static AppendRequest append(String topic, int payloadBytes) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder()
                        .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[payloadBytes]))))
                .build();
    }
}
