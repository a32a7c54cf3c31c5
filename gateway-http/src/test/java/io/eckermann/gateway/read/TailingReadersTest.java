package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What many readers who wait for the same events cost. */
class TailingReadersTest {
    private static final int READERS = 1_000;
    private static final int ROUNDS = 5;

    /** Calls of the view by their names. */
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    private final Threads threads = new Threads();
    private StoredShard stored;
    private ReadHandler handler;
    private long topic;

    @BeforeEach
    void open(@TempDir Path directory) {
        stored = new StoredShard(directory);
        Shard shard = stored.shard();
        Shard counted = new Shard(counting(shard.view()), shard.heads(), shard.writes(), shard.barrier());
        handler = new ReadHandler(counted, threads.reads, threads.reads, threads.timer);
        Operation create = new Operation.CreateTopic(
                "orders", TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build());
        topic = ((Result.TopicCreated) Answers.of(stored.submit(create, Answers.LONG))).topicId();
        append("before");
    }

    @AfterEach
    void close() {
        threads.close();
        stored.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "EVENTS"})
    void aThousandTailingReadersNeverAskTheStoreAndShareWhatTheyGet(ReadRequest.Format format) {
        List<ReadStream> readers = new ArrayList<>();
        for (int k = 0; k < READERS; k++) {
            readers.add(caughtUp(format));
        }
        calls.clear();
        for (int round = 0; round < ROUNDS; round++) {
            String payload = "round " + round;
            List<CompletableFuture<Optional<ReadFrame>>> waiting =
                    readers.stream().map(ReadStream::next).toList();
            append(payload);
            Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
            for (CompletableFuture<Optional<ReadFrame>> frame : waiting) {
                shared.add(shared(Answers.of(frame).orElseThrow(), payload));
            }
            if (format == ReadRequest.Format.CHUNKS) {
                assertThat(shared).as("one chunk for all").hasSize(1);
            } else {
                // Each of the threads may have decoded it, and a frame that nobody holds may have been collected.
                assertThat(shared).as("decoded a few times, not for each").hasSizeLessThan(READERS / 10);
            }
        }
        assertThat(calls.keySet()).as("the store was not asked").containsExactly("recent");
        // At each wake a reader looks once and finds; once it looks and finds nothing, before it waits again.
        assertThat(count("recent")).isLessThanOrEqualTo(READERS * ROUNDS * 3);
        readers.forEach(ReadStream::close);
    }

    @Test
    void manyAppendsWhileNobodyWaitsWakeAReaderOnce() {
        ReadStream reader = caughtUp(ReadRequest.Format.CHUNKS);
        calls.clear();
        for (int k = 0; k < 200; k++) {
            append("event " + k);
        }
        assertThat(calls).as("who does not wait is not woken").isEmpty();
        int events = 0;
        while (events < 200) {
            events += Answers.of(reader.next()).orElseThrow().getChunks().getChunksList().stream()
                    .mapToInt(slice -> slice.getTake())
                    .sum();
        }
        assertThat(events).isEqualTo(200);
        assertThat(count("recent")).as("all in one page").isLessThanOrEqualTo(2);
        reader.close();
    }

    @Test
    void readersOfATopicThatIsDeletedAreAllTold() {
        List<CompletableFuture<Optional<ReadFrame>>> waiting = new ArrayList<>();
        for (int k = 0; k < 200; k++) {
            waiting.add(caughtUp(ReadRequest.Format.CHUNKS).next());
        }
        Result unused = Answers.of(stored.submit(new Operation.DeleteTopic(topic), Answers.LONG));
        waiting.forEach(
                next -> assertThat(Answers.failureOf(next).code().name()).isEqualTo("TOPIC_NOT_FOUND"));
    }

    /** A following read that has shown everything there is. */
    private ReadStream caughtUp(ReadRequest.Format format) {
        ReadRequest request = ReadRequest.newBuilder()
                .setTopic("orders")
                .setFollow(true)
                .setFormat(format)
                .setHeartbeatMillis(600_000)
                .build();
        ReadStream stream = Answers.of(handler.open(request, Answers.LONG));
        while (!Answers.of(stream.next()).orElseThrow().hasCaughtUp()) {}
        return stream;
    }

    /** What readers have in common in a frame that holds just this event. */
    private static Object shared(ReadFrame frame, String payload) {
        if (frame.hasEvents()) {
            assertThat(frame.getEvents().getEventsList())
                    .singleElement()
                    .satisfies(event -> assertThat(event.getEvent().getPayload().toStringUtf8())
                            .isEqualTo(payload));
            return frame;
        }
        assertThat(frame.getChunks().getChunksCount()).isOne();
        Chunk chunk = frame.getChunks().getChunks(0).getChunk();
        assertThat(EventsCodec.events(chunk))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getPayload().toStringUtf8()).isEqualTo(payload));
        return chunk;
    }

    private void append(String payload) {
        EncodedEvents encoded = EventsCodec.encode(List.of(
                Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)).build()));
        Operation append = new Operation.Append(
                topic, encoded.getCount(), encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null);
        assertThat(Answers.of(stored.submit(append, Answers.LONG))).isInstanceOf(Result.Appended.class);
    }

    private int count(String call) {
        return calls.getOrDefault(call, new AtomicInteger()).get();
    }

    private ReadView counting(ReadView view) {
        return (ReadView) Proxy.newProxyInstance(
                ReadView.class.getClassLoader(), new Class<?>[] {ReadView.class}, (proxy, method, arguments) -> {
                    calls.computeIfAbsent(method.getName(), name -> new AtomicInteger())
                            .incrementAndGet();
                    try {
                        return method.invoke(view, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
