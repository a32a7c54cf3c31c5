package io.eckermann.gateway.append;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.PlacedShards;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.PayloadJudge;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.TopicSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules for appends to several topics; those of one topic hold for each of them, too. */
class ManyAppendsTest {
    private final Threads threads = new Threads();
    private StoredShard store;
    private TopicHandler topics;
    private ManyAppends appends;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new StoredShard(directory);
        topics = new TopicHandler(store.shard(), threads.reads);
        appends = new ManyAppends(store.shard(), threads.reads, Idempotency.USUAL, new PayloadJudge(store.shard()));
        create("a");
        create("b");
    }

    @AfterEach
    void close() {
        threads.close();
        Answers.await(threads::stopped);
        store.close();
    }

    @Test
    void topicsOfDifferentShardsAreRefusedAndBothAreNamed(@TempDir Path directory) {
        try (StoredShard second = new StoredShard(directory)) {
            Shards shards = new PlacedShards(List.of(store.shard(), second.shard()), threads.reads);
            TopicHandler placed = new TopicHandler(shards, threads.reads);
            for (int shard = 0; shard < 2; shard++) {
                Answers.of(placed.create(
                        CreateTopicRequest.newBuilder()
                                .setName("in" + shard)
                                .setShard(shard)
                                .build(),
                        Answers.LONG));
            }
            ManyAppends sharded = new ManyAppends(shards, threads.reads, Idempotency.USUAL, new PayloadJudge(shards));
            AppendManyRequest both = many(append("in0", 1), append("in1", 1)).build();
            StoreException refused = Answers.failureOf(Failures.guarded(() -> sharded.append(both, Answers.LONG)));
            assertThat(refused.code()).isEqualTo(ErrorCode.TOPICS_APART);
            assertThat(refused.facts()).containsEntry("topics", "in0,in1").containsEntry("shards", "0,1");
            AppendManyRequest withCursor = many(append("in1", 1))
                    .addCursors(CommitCursorRequest.newBuilder().setTopic("in0").setConsumer("c"))
                    .build();
            assertThat(Answers.failureOf(Failures.guarded(() -> sharded.append(withCursor, Answers.LONG)))
                            .code())
                    .isEqualTo(ErrorCode.TOPICS_APART);
            assertThat(Answers.of(sharded.append(many(append("in1", 2)).build(), Answers.LONG))
                            .getAppends(0)
                            .getHead())
                    .isEqualTo(2);
        }
    }

    @Test
    void togetherTheyHoldNoMoreThanOneAppendMay() {
        assertThat(refused(many(append("a", 40_000), append("b", 40_000))).code())
                .isEqualTo(ErrorCode.APPEND_TOO_LARGE);
        Event large = Event.newBuilder()
                .setPayload(ByteString.copyFrom(new byte[Limits.EVENT_PAYLOAD_BYTES_MAX]))
                .build();
        assertThat(refused(many(append("a", large), append("b", large))).code()).isEqualTo(ErrorCode.APPEND_TOO_LARGE);
        Condition condition = Condition.newBuilder().setExpectedHead(0).build();
        AppendManyRequest.Builder conditional = AppendManyRequest.newBuilder();
        for (int i = 0; i < 4; i++) {
            conditional.addAppends(append("t" + i, 1).toBuilder()
                    .addAllConditions(Collections.nCopies(Limits.CONDITIONS_MAX, condition)));
        }
        assertThat(refused(conditional).facts()).containsEntry("conditions", "128");
    }

    @Test
    void retriesAreNamedForTheWhole() {
        AppendRequest sequenced = append("a", 1).toBuilder()
                .setProducer(Producer.newBuilder().setId("p").setSequence(1))
                .build();
        assertThat(refused(many(sequenced)).facts()).containsEntry("field", "appends[0].producer");
        AppendRequest named = append("b", 1).toBuilder().setIdempotencyKey("k").build();
        assertThat(refused(many(append("a", 1), named)).facts()).containsEntry("field", "appends[1].idempotency_key");
    }

    @Test
    void ruleThatOneTopicBreaksIsToldWithItsName() {
        Event tagged = Event.newBuilder().addTags("").build();
        assertThat(refused(many(append("a", 1), append("b", tagged))).facts())
                .containsEntry("topic", "b")
                .containsEntry("field", "tags");
    }

    @Test
    void topicThatWasMadeAnewIsFoundAndIsAnotherOneToAKey() {
        AppendManyRequest request =
                many(append("a", 1), append("b", 1)).setIdempotencyKey("k").build();
        assertThat(done(request).getDuplicate()).isFalse();
        assertThat(done(request).getDuplicate()).isTrue();
        Answers.of(topics.delete(DeleteTopicRequest.newBuilder().setName("b").build(), Answers.LONG));
        create("b");
        assertThat(refused(request.toBuilder()).code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_REUSED);
        assertThat(done(request.toBuilder().setIdempotencyKey("l").build())
                        .getAppends(1)
                        .getFirst())
                .isEqualTo(1);
    }

    @Test
    void idsAreFoundInWhatTheClientEncoded() {
        Answers.of(topics.create(
                CreateTopicRequest.newBuilder()
                        .setName("u")
                        .setSettings(TopicSettings.newBuilder().setUniqueIds(true))
                        .build(),
                Answers.LONG));
        List<Event> events = List.of(
                Event.getDefaultInstance(),
                Event.newBuilder().setId("ä").setType("t").build(),
                Event.newBuilder().setId("b").build());
        for (Encoding encoding : List.of(Encoding.PLAIN, Encoding.ZSTD)) {
            ByteString body = BodyCompression.compress(encoding, EventsCodec.body(events));
            AppendManyRequest request = many(AppendRequest.newBuilder()
                            .setTopic("u")
                            .setEncoded(EventsCodec.encoded(encoding, body, events.size()))
                            .build())
                    .build();
            if (encoding == Encoding.PLAIN) {
                assertThat(done(request).getAppends(0).getLast()).isEqualTo(3);
            } else {
                assertThat(refused(request.toBuilder()).facts())
                        .isEqualTo(Map.of("id", "ä", "event", "2", "position", "2", "topic", "u"));
            }
        }
    }

    @Test
    void businessTimesAreIndexedWhereATopicSaysSoBesideIdsAndTypes() {
        Answers.of(topics.create(
                CreateTopicRequest.newBuilder()
                        .setName("timed")
                        .setSettings(TopicSettings.newBuilder()
                                .setIndexEventTime(true)
                                .setUniqueIds(true))
                        .build(),
                Answers.LONG));
        ReadHandler reads = new ReadHandler(store.shard(), threads.reads, threads.reads, threads.timer);
        for (long at : new long[] {30, -20, 10}) {
            Event event = Event.newBuilder()
                    .setId("e" + at)
                    .setType("t")
                    .setTimeNs(at)
                    .build();
            done(many(append("a", event), append("timed", event)).build());
        }

        assertThat(positionsByTime(reads, "timed")).containsExactly(2L, 3L, 1L);
        assertThat(refused(many(append("timed", Event.newBuilder().setId("e30").build())))
                        .facts())
                .containsEntry("position", "1");
        assertThat(Answers.failureOf(Failures.guarded(() -> reads.byEventTime(byTime("a"), Answers.LONG)))
                        .code())
                .as("no other topic has the index")
                .isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void indexedTimesCountAsWhatIsIndexedOfAllTopicsTogether() {
        AppendManyRequest.Builder many = AppendManyRequest.newBuilder();
        for (String topic : List.of("timed1", "timed2")) {
            Answers.of(topics.create(
                    CreateTopicRequest.newBuilder()
                            .setName(topic)
                            .setSettings(TopicSettings.newBuilder().setIndexEventTime(true))
                            .build(),
                    Answers.LONG));
            Events.Builder events = Events.newBuilder();
            for (int i = 0; i < 30_000; i++) {
                events.addEvents(Event.newBuilder().setTimeNs(2L * i));
            }
            many.addAppends(AppendRequest.newBuilder().setTopic(topic).setEvents(events));
        }

        assertThat(refused(many).facts()).containsEntry("bytes_max", String.valueOf(Limits.INDEX_BYTES_MAX));
    }

    @Test
    void cursorGoesOnlyWhereItIsPutTogetherWithAppends() {
        CommitCursorRequest nearest = CommitCursorRequest.newBuilder()
                .setTopic("a")
                .setConsumer("c")
                .setPosition(9)
                .setNearest(true)
                .build();
        assertThat(refused(many(append("b", 1)).addCursors(nearest)).facts())
                .containsEntry("field", "cursors[0].nearest");
    }

    private static List<Long> positionsByTime(ReadHandler reads, String topic) {
        return Answers.of(reads.byEventTime(byTime(topic), Answers.LONG)).getEventsList().stream()
                .map(RecordedEvent::getPosition)
                .toList();
    }

    private static ReadByEventTimeRequest byTime(String topic) {
        return ReadByEventTimeRequest.newBuilder().setTopic(topic).build();
    }

    @Test
    void payloadsAreJudgedWhereATopicSaysSo() {
        Answers.of(topics.create(
                CreateTopicRequest.newBuilder()
                        .setName("strict")
                        .setSettings(TopicSettings.newBuilder().setValidate(TopicSettings.Validate.STRICT))
                        .build(),
                Answers.LONG));

        StoreException refused = refused(many(append("a", 1), append("strict", 1)));

        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(refused.facts()).containsEntry("topic", "strict");
        assertThat(done(many(append("a", 1)).build()).getAppends(0).getFirst())
                .as("nothing of it was appended")
                .isEqualTo(1);
    }

    private void create(String topic) {
        Answers.of(topics.create(CreateTopicRequest.newBuilder().setName(topic).build(), Answers.LONG));
    }

    private AppendManyResponse done(AppendManyRequest request) {
        return Answers.of(appends.append(request, Answers.LONG));
    }

    private StoreException refused(AppendManyRequest.Builder request) {
        CompletableFuture<?> answer = Failures.guarded(() -> appends.append(request.build(), Answers.LONG));
        return Answers.failureOf(answer);
    }

    private static AppendManyRequest.Builder many(AppendRequest... appends) {
        AppendManyRequest.Builder many = AppendManyRequest.newBuilder();
        for (AppendRequest append : appends) {
            many.addAppends(append);
        }
        return many;
    }

    private static AppendRequest append(String topic, Event event) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder().addEvents(event))
                .build();
    }

    private static AppendRequest append(String topic, int events) {
        return AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder().addAllEvents(Collections.nCopies(events, Event.getDefaultInstance())))
                .build();
    }
}
