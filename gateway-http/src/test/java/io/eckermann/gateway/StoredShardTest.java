package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.Topic;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The use cases together, over the real state machine. */
class StoredShardTest {
    private final Threads threads = new Threads();
    private final StoredShard stored;
    private final AppendHandler appends;
    private final ReadHandler reads;
    private final TopicHandler topics;
    private final CursorHandler cursors;

    StoredShardTest(@TempDir Path directory) {
        stored = new StoredShard(directory);
        appends = new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        reads = new ReadHandler(stored.shard(), threads.reads, threads.reads, threads.timer);
        topics = new TopicHandler(stored.shard(), threads.reads);
        cursors = new CursorHandler(stored.shard(), threads.reads, Clock.systemUTC());
    }

    @BeforeEach
    void createTopic() {
        create();
    }

    @AfterEach
    void stop() {
        threads.close();
        Answers.await(threads::stopped);
        stored.close();
    }

    @Test
    void retriedAppendReturnsItsFirstResult() {
        AppendRequest request = append("a").toBuilder()
                .setProducer(Producer.newBuilder().setId("p").setSequence(1))
                .build();
        AppendResponse first = Answers.of(appends.append(request, Answers.LONG));
        Answers.of(appends.append(append("b"), Answers.LONG));
        AppendResponse again = Answers.of(appends.append(request, Answers.LONG));
        assertThat(again)
                .isEqualTo(first.toBuilder().setHead(2).setDuplicate(true).build());
    }

    @Test
    void refusalAtApplySaysWhatTheProducerMustSend() {
        AppendRequest request = append("a").toBuilder()
                .setProducer(Producer.newBuilder().setId("p").setSequence(3))
                .build();
        StoreException failure = Answers.failureOf(appends.append(request, Answers.LONG));
        assertThat(failure.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
        assertThat(failure.facts())
                .containsEntry("expected", "1")
                .containsEntry("sequence", "3")
                .containsEntry("topic", "orders");
    }

    @Test
    void cursorRefusalsComeThrough() {
        Answers.of(appends.append(append("a", "b", "c"), Answers.LONG));
        CommitCursorRequest two = commit(2);
        assertThat(Answers.of(cursors.commit(two, Answers.LONG)).getLag()).isEqualTo(1);
        assertThat(Answers.failureOf(cursors.commit(commit(1), Answers.LONG)).code())
                .isEqualTo(ErrorCode.CURSOR_WOULD_REWIND);
        assertThat(Answers.failureOf(cursors.commit(commit(4), Answers.LONG)).code())
                .isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
        assertThat(Answers.failureOf(cursors.commit(
                                commit(3).toBuilder().setExpected(1).build(), Answers.LONG))
                        .facts())
                .containsEntry("position", "2");
        List<Cursor> listed = Answers.of(cursors.list(ListCursorsRequest.getDefaultInstance(), Answers.LONG))
                .getCursorsList();
        assertThat(listed).extracting(Cursor::getPosition).containsExactly(2L);
    }

    @Test
    void createdTopicIsToldAsItIs() {
        Topic again = create();
        assertThat(again.getId()).isEqualTo(1);
        assertThat(again.getFirst()).isEqualTo(1);
        assertThat(again.getCreatedNs()).isEqualTo(1_000);
        assertThat(again.getSettings().getMaxEventBytes()).isEqualTo(1 << 20);
    }

    @Test
    void followSeesWhatIsAppendedMeanwhileOnceAndInOrder() throws InterruptedException {
        int count = 500;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                Answers.of(appends.append(append("x", "y"), Answers.LONG));
            }
        });
        producer.start();
        ReadStream stream = open(ReadRequest.newBuilder().setTopic("orders").setFollow(true));
        List<Long> positions = new ArrayList<>();
        while (positions.size() < 2 * count) {
            Answers.of(stream.next()).orElseThrow().getEvents().getEventsList().stream()
                    .map(RecordedEvent::getPosition)
                    .forEach(positions::add);
        }
        stream.close();
        producer.join();
        assertThat(positions)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 2L * count).boxed().toList());
    }

    @Test
    void followByTagSeesOnlyWhatHasItAndNothingTwice() throws InterruptedException {
        int count = 200;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                Answers.of(appends.append(append("other"), Answers.LONG));
                Answers.of(appends.append(tagged("t" + i % 2), Answers.LONG));
            }
        });
        producer.start();
        ReadStream stream = open(ReadRequest.newBuilder()
                .setTopic("orders")
                .setFollow(true)
                .setFormat(ReadRequest.Format.CHUNKS)
                .setQuery(Query.newBuilder().addItems(QueryItem.newBuilder().addTags("t1"))));
        List<Long> positions = new ArrayList<>();
        while (positions.size() < count / 2) {
            for (ChunkSlice slice :
                    Answers.of(stream.next()).orElseThrow().getChunks().getChunksList()) {
                assertThat(EventsCodec.events(slice.getChunk()).get(0).getTagsList())
                        .containsExactly("t1");
                positions.add(slice.getChunk().getFirstPosition());
            }
        }
        stream.close();
        producer.join();
        assertThat(positions)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, count / 2)
                        .map(number -> 4 * number)
                        .boxed()
                        .toList());
    }

    private static AppendRequest tagged(String tag) {
        return AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addEvents(Event.newBuilder().addTags(tag)))
                .build();
    }

    @Test
    void deletionEndsAFollow() {
        ReadStream stream = open(ReadRequest.newBuilder().setTopic("orders").setFollow(true));
        Answers.of(stream.next());
        Answers.of(stream.next());
        CompletableFuture<Optional<ReadFrame>> live = stream.next();
        Answers.of(
                topics.delete(DeleteTopicRequest.newBuilder().setName("orders").build(), Answers.LONG));
        assertThat(Answers.failureOf(live).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    private Topic create() {
        return Answers.of(topics.create(
                        CreateTopicRequest.newBuilder().setName("orders").build(), Answers.LONG))
                .getTopic();
    }

    private ReadStream open(ReadRequest.Builder request) {
        return Answers.of(reads.open(request.build(), Answers.LONG));
    }

    private static CommitCursorRequest commit(long position) {
        return CommitCursorRequest.newBuilder()
                .setTopic("orders")
                .setConsumer("audit")
                .setPosition(position)
                .build();
    }

    private static AppendRequest append(String... payloads) {
        Events.Builder events = Events.newBuilder();
        for (String payload : payloads) {
            events.addEvents(Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)));
        }
        return AppendRequest.newBuilder().setTopic("orders").setEvents(events).build();
    }
}
