package io.eckermann.gateway.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.KeyState;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import io.eckermann.statemachine.query.Filter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that compact their keys, over a real state machine. */
class CompactionWatchTest {
    private static final CompactionWatch.Plan EAGER = new CompactionWatch.Plan(Duration.ZERO, 1, 1 << 30);
    private static final CompactionWatch.Plan HALF = new CompactionWatch.Plan(Duration.ZERO, 50, 1 << 30);
    private static final String GONE = "-";

    private final Threads threads = new Threads();
    private StoredShard store;
    private TopicHandler topics;
    private long topic;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new StoredShard(directory);
        topics = new TopicHandler(store.shard(), threads.reads);
        topic = Answers.of(topics.create(
                        CreateTopicRequest.newBuilder()
                                .setName("prices")
                                .setSettings(TopicSettings.newBuilder().setCompactKeys(true))
                                .build(),
                        Answers.LONG))
                .getTopic()
                .getId();
    }

    @AfterEach
    void close() {
        threads.close();
        store.close();
    }

    @Test
    void ofEachKeyTheLastEventIsLeftAtItsPositionAndOthersStay() {
        append("a=1", "b=1", "=x", "a=2");
        append("c=1");
        append("a=3", "=y");
        compact(EAGER);
        assertThat(payloads()).containsExactly(GONE, "1", "x", GONE, "1", "3", "y");
        assertThat(view().matchesForward(topic, Filter.ofKey("a"), 1, 7, 9)).containsExactly(6L);
        KeyState key = view().key(topic, "a").orElseThrow();
        assertThat(key.version()).isEqualTo(3);
        assertThat(key.last()).isEqualTo(6);
        assertThat(compactions(EAGER)).isZero();
    }

    @Test
    void deletedLastEventOfAKeyTakesAllBeforeItAlong() {
        append("a=1", "b=1");
        append("a=2");
        Answers.of(new EventHandler(store.shard(), threads.reads)
                .delete(
                        DeleteEventRequest.newBuilder()
                                .setTopic("prices")
                                .setPosition(3)
                                .build(),
                        Answers.LONG));
        compact(EAGER);
        assertThat(payloads()).containsExactly(GONE, "1", GONE);
        append("a=3");
        compact(EAGER);
        assertThat(payloads()).containsExactly(GONE, "1", GONE, "3");
    }

    @Test
    void youngEventsStay() {
        store.clock(Duration.ofSeconds(10).toNanos());
        append("a=1");
        append("a=2");
        store.clock(Duration.ofSeconds(20).toNanos());
        append("a=3");
        CompactionWatch.Plan plan = new CompactionWatch.Plan(Duration.ofSeconds(85), 1, 1 << 30);
        assertThat(view().compactionsDue(Duration.ofSeconds(10).toNanos(), 1)).isEmpty();
        compact(plan);
        assertThat(payloads()).containsExactly(GONE, GONE, "3");
        append("a=4");
        assertThat(compactions(plan)).isZero();
    }

    @Test
    void topicIsLookedThroughAgainOnlyWhenItHasGrownByAShare() {
        for (int k = 0; k < 20; k++) {
            append("k" + k + "=" + k);
        }
        compact(HALF);
        append("k0=new");
        assertThat(compactions(HALF)).isZero();
        for (int k = 0; k < 20; k++) {
            append("k" + k + "=newer");
        }
        compact(HALF);
        assertThat(payloads().stream().filter(payload -> !payload.equals(GONE)))
                .hasSize(20)
                .containsOnly("newer");
    }

    @Test
    void bodyOfWhichLittleIsSupersededIsNotWrittenAnew() {
        append("a=1", "b=" + "long".repeat(20));
        append("a=2");
        compact(HALF);
        assertThat(payloads()).containsExactly("1", "long".repeat(20), "2");
        append("b=3", "c=" + "long".repeat(30));
        compact(HALF);
        assertThat(payloads()).containsExactly(GONE, GONE, "2", "3", "long".repeat(30));
    }

    @Test
    void nothingGoesWhenKeysAreNotCompactedAnyMoreOrAnotherLeads() {
        append("a=1");
        append("a=2");
        watch(EAGER, Leadership.Role.FOLLOWER).look();
        Answers.of(topics.update(
                UpdateTopicRequest.newBuilder()
                        .setName("prices")
                        .setCompactKeys(false)
                        .build(),
                Answers.LONG));
        assertThat(compactions(EAGER)).isZero();
        assertThat(payloads()).containsExactly("1", "2");
    }

    @Test
    void whatIsLeftIsWhatAMapHolds() {
        Random random = new Random(11);
        Map<String, String> model = new HashMap<>();
        for (int round = 0; round < 6; round++) {
            for (int k = 0; k < 40; k++) {
                List<String> events = new ArrayList<>();
                for (int n = random.nextInt(5); n >= 0; n--) {
                    String key = "k" + random.nextInt(12);
                    String value = round + "." + k + "." + n;
                    events.add(key + "=" + value);
                    model.put(key, value);
                }
                append(events.toArray(String[]::new));
            }
            compact(EAGER);
            assertThat(payloads().stream().filter(payload -> !payload.equals(GONE)))
                    .containsExactlyInAnyOrderElementsOf(model.values());
        }
        for (String key : model.keySet()) {
            assertThat(view().matchesForward(topic, Filter.ofKey(key), 1, 10_000, 9))
                    .containsExactly(view().key(topic, key).orElseThrow().last());
        }
    }

    /** Each {@code key=payload}, the key perhaps empty. */
    private void append(String... events) {
        TermCollector terms = new TermCollector();
        List<Event> all = new ArrayList<>();
        for (String text : events) {
            String[] words = text.split("=", 2);
            Event event = Event.newBuilder()
                    .setKey(words[0])
                    .setPayload(ByteString.copyFromUtf8(words[1]))
                    .build();
            if (!words[0].isEmpty()) {
                terms.add(Kind.KEY, all.size(), event.getKeyBytes());
            }
            all.add(event);
        }
        EncodedEvents encoded = EventsCodec.encode(all);
        Answers.of(store.submit(
                new Operation.Append(
                        topic,
                        encoded.getCount(),
                        encoded.getEncoding(),
                        encoded.getCrc32C(),
                        encoded.getBody(),
                        null,
                        Particulars.of(terms.terms(all.size()), List.of(), null)),
                Answers.LONG));
    }

    private List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        for (Chunk chunk : view().forward(topic, 1, Long.MAX_VALUE)) {
            EventsCodec.events(chunk)
                    .forEach(event -> payloads.add(
                            event.getDeleted() ? GONE : event.getPayload().toStringUtf8()));
        }
        return payloads;
    }

    private void compact(CompactionWatch.Plan plan) {
        assertThat(compactions(plan)).isEqualTo(1);
        watch(plan, Leadership.Role.LEADER).look();
        Answers.await(() -> compactions(plan) == 0);
    }

    private int compactions(CompactionWatch.Plan plan) {
        return view().compactionsDue(
                        Duration.ofSeconds(100).minus(plan.minAge()).toNanos(), plan.dirtyPercent())
                .size();
    }

    private CompactionWatch watch(CompactionWatch.Plan plan, Leadership.Role role) {
        return new CompactionWatch(
                store.shard(),
                () -> new Leadership(role, 1, "n1", true, 1, 1, 1),
                Clock.fixed(Instant.ofEpochSecond(100), ZoneOffset.UTC),
                plan,
                threads.reads);
    }

    private ReadView view() {
        return store.shard().view();
    }
}
