package io.eckermann.statemachine.condition;

import static io.eckermann.statemachine.condition.Conditional.absent;
import static io.eckermann.statemachine.condition.Conditional.conflicts;
import static io.eckermann.statemachine.condition.Conditional.empty;
import static io.eckermann.statemachine.condition.Conditional.event;
import static io.eckermann.statemachine.condition.Conditional.head;
import static io.eckermann.statemachine.condition.Conditional.item;
import static io.eckermann.statemachine.condition.Conditional.none;
import static io.eckermann.statemachine.condition.Conditional.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.statemachine.KeyState;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.TermUse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What conditions and reads by type, tag and key make of events that were truncated or deleted. */
class RemovedEventsDoNotCountTest {
    private static final Filter TAGGED =
            Filter.of(Query.newBuilder().addItems(item(List.of(), "t")).build());

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;

    @BeforeEach
    void fill() {
        store = new TestStore(directory);
        topic = store.createTopic("orders");
        // One row of the index names the first four, and the topic is cut in their midst.
        append(Collections.nCopies(4, event("a", "k", "t")));
        append(List.of(event("b", "l", "u")));
        append(List.of(event("a", "m", "t")));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void truncatedEventsAreNeitherFoundNorInTheWayOfACondition() {
        assertThat(rising(TAGGED)).containsExactly(1L, 2L, 3L, 4L, 6L);
        truncate(3);
        for (int k = 0; k < 2; k++) {
            assertThat(rising(TAGGED)).containsExactly(3L, 4L, 6L);
            assertThat(falling(TAGGED)).containsExactly(6L, 4L, 3L);
            assertThat(rising(Filter.of(Query.getDefaultInstance()))).containsExactly(3L, 4L, 5L, 6L);
            assertThat(conflicts(append(List.of(event("a", "")), none(0, item(List.of("a"), "t")))))
                    .containsExactly(new Conflict(0, "fail_if_events_match", 3, 6, -1));
            store.reopen();
        }
        truncate(5);
        assertThat(rising(Filter.ofKey("k"))).isEmpty();
        assertThat(falling(Filter.ofKey("k"))).isEmpty();
        assertThat(store.view().explain(topic, Filter.ofKey("k"), 1))
                .extracting(TermUse::rows)
                .containsExactly(0L);
        // In one entry with the truncation, too.
        List<Result> results = store.commit(
                3_000,
                List.of(
                        new Operation.TruncateTopic(topic, 7),
                        TestStore.append(topic, List.of(event("a", "", "t")), List.of(none(0)), null)));
        assertThat(results.get(1)).isEqualTo(new Result.Appended(7, 1, 7, 3_000, false));
        assertThat(rising(TAGGED)).containsExactly(7L);
    }

    @Test
    void headAndVersionsGoOnCountingTruncatedEvents() {
        truncate(7);
        KeyState key = store.view().key(topic, "k").orElseThrow();
        assertThat(key.version()).isEqualTo(4);
        assertThat(key.last()).isZero();
        assertThat(conflicts(append(List.of(event("a", "k")), version("k", 0), absent("k"), empty(), head(3), none(6))))
                .containsExactly(
                        new Conflict(0, "key_version", 0, 0, 4),
                        new Conflict(1, "key_absent", 0, 0, 4),
                        new Conflict(2, "topic_empty", 0, 0, 6),
                        new Conflict(3, "expected_head", 0, 0, 6));
        assertThat(append(List.of(event("a", "k")), version("k", 4), head(6))).isInstanceOf(Result.Appended.class);
        assertThat(conflicts(append(List.of(event("a", "k")), version("k", 2), head(3))))
                .containsExactly(new Conflict(0, "key_version", 7, 7, 5), new Conflict(1, "expected_head", 7, 7, 7));
    }

    @Test
    void deletedEventMatchesNothingMoreButKeepsItsPlaceAndItsVersion() {
        assertThat(store.deleteEvent(topic, 6)).isEqualTo(new Result.Done());
        assertThat(store.deleteEvent(topic, 2)).isEqualTo(new Result.Done());
        store.reopen();
        assertThat(rising(TAGGED)).containsExactly(1L, 3L, 4L);
        assertThat(falling(TAGGED)).containsExactly(4L, 3L, 1L);
        assertThat(rising(Filter.ofKey("m"))).isEmpty();
        assertThat(rising(Filter.of(Query.getDefaultInstance()))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        Chunk found = store.view().forward(topic, 6, 1).get(0);
        assertThat(EventsCodec.events(found))
                .containsExactly(Event.newBuilder().setDeleted(true).build());
        assertThat(conflicts(append(List.of(event("a", "m")), none(5), version("m", 0), version("k", 2))))
                .containsExactly(
                        new Conflict(0, "fail_if_events_match", 6, 6, -1),
                        new Conflict(1, "key_version", 6, 6, 1),
                        new Conflict(2, "key_version", 3, 4, 4));
        assertThat(append(List.of(event("a", "m")), none(5, item(List.of(), "t")), version("m", 1)))
                .isInstanceOf(Result.Appended.class);
        assertThat(rising(Filter.ofKey("m"))).containsExactly(7L);
    }

    @Test
    void eventsOfAnEntryThatIsNotWrittenYetLeaveTheIndex() {
        List<Result> results = store.commit(
                3_000,
                List.of(
                        TestStore.append(
                                topic, List.of(event("a", "n", "t"), event("a", "n", "t")), List.of(none(6)), null),
                        new Operation.TruncateTopic(topic, 5)));
        assertThat(results.get(0)).isInstanceOf(Result.Appended.class);
        store.deleteEvent(topic, 7);
        store.deleteEvent(topic, 8);
        assertThat(rising(TAGGED)).containsExactly(6L);
    }

    @Test
    void deletedTopicLeavesNothingToBeFound() {
        store.commit(3_000, new Operation.DeleteTopic(topic));
        assertThat(rising(TAGGED)).isEmpty();
        assertThat(falling(Filter.ofKey("k"))).isEmpty();
        assertThat(store.view().explain(topic, TAGGED, 1))
                .extracting(TermUse::rows)
                .containsExactly(0L);
        assertThat(store.view().key(topic, "k")).isEmpty();
    }

    private List<Long> rising(Filter filter) {
        return store.view().matchesForward(topic, filter, 1, last(), 100);
    }

    private List<Long> falling(Filter filter) {
        return store.view().matchesBackward(topic, filter, last(), 1, 100);
    }

    private long last() {
        return store.view().topic(topic).map(TopicState::head).orElse(100L);
    }

    private void truncate(long position) {
        assertThat(store.commit(2_500, new Operation.TruncateTopic(topic, position)))
                .isInstanceOf(Result.Truncated.class);
    }

    private Result append(List<Event> events, Condition... conditions) {
        return store.commit(2_000, TestStore.append(topic, events, List.of(conditions), null));
    }
}
