package io.eckermann.statemachine;

import static io.eckermann.statemachine.Several.event;
import static io.eckermann.statemachine.Several.request;
import static io.eckermann.statemachine.Several.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UniqueIdsTest {
    private static final TopicSettings UNIQUE =
            TestStore.SETTINGS.toBuilder().setUniqueIds(true).build();

    @TempDir
    Path directory;

    private TestStore store;
    private long topic;

    @BeforeEach
    void open() {
        store = new TestStore(directory);
        topic = ((Result.TopicCreated) store.commit(1_000, new Operation.CreateTopic("orders", UNIQUE))).topicId();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void idThatTheTopicHasIsRefusedWithItsPositionAndNothingOfTheAppendIsKept() {
        append("a", "b", "c");
        Result.Refused refused = refused(append("d", "b"));
        assertThat(refused.code()).isEqualTo(ErrorCode.EVENT_ID_EXISTS);
        assertThat(refused.facts()).isEqualTo(Map.of("id", "b", "position", "2", "event", "2"));
        append("d");
        assertThat(store.payloads(topic)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void idsOfOneEntryAndOfOtherTopicsAreToldApart() {
        long other = ((Result.TopicCreated) store.commit(1_000, new Operation.CreateTopic("others", UNIQUE))).topicId();
        List<Result> results = store.commit(
                2_000,
                List.of(
                        withIds(topic, List.of(event("a")), List.of(), null),
                        withIds(topic, List.of(event("a")), List.of(), null),
                        withIds(other, List.of(event("a")), List.of(), null)));
        assertThat(results.get(0)).isInstanceOf(Result.Appended.class);
        assertThat(refused(results.get(1)).code()).isEqualTo(ErrorCode.EVENT_ID_EXISTS);
        assertThat(results.get(2)).isInstanceOf(Result.Appended.class);
    }

    @Test
    void eventsWithoutAnIdAreAppendedAsEver() {
        Event plain = Event.getDefaultInstance();
        store.commit(2_000, withIds(topic, List.of(plain, plain), List.of(), null));
        store.commit(2_000, withIds(topic, List.of(plain), List.of(), null));
        assertThat(store.view().topic(topic)).get().extracting(TopicState::head).isEqualTo(3L);
    }

    @Test
    void idsAreKnownAfterASnapshotAndARestart() {
        append("a");
        store.machine().takeSnapshot();
        store.reopen();
        assertThat(refused(append("a")).facts()).containsEntry("position", "1");
    }

    @Test
    void retryIsADuplicateAndIsNotRefusedForItself() {
        Operation append = withIds(topic, List.of(event("a")), List.of(), request("key", "a"));
        Result.Appended first = (Result.Appended) store.commit(2_000, append);
        assertThat(store.commit(3_000, append))
                .isEqualTo(new Result.Appended(first.first(), 1, 1, first.recordedNs(), true));
        Operation.Append one = withIds(topic, List.of(event("b")), List.of(), null);
        Operation.Append sequenced = new Operation.Append(
                topic,
                1,
                one.encoding(),
                one.crc32c(),
                one.body(),
                new Operation.ProducerSequence("p", 1),
                one.particulars());
        store.commit(4_000, sequenced);
        assertThat(store.commit(5_000, sequenced))
                .isInstanceOfSatisfying(
                        Result.Appended.class,
                        again -> assertThat(again.duplicate()).isTrue());
    }

    @Test
    void idsOfTruncatedEventsAreFreeAgainAndThoseOfDeletedOnesAreNot() {
        append("a", "b", "c");
        store.deleteEvent(topic, 2);
        assertThat(refused(append("b")).code()).isEqualTo(ErrorCode.EVENT_ID_EXISTS);
        store.commit(3_000, new Operation.TruncateTopic(topic, 3));
        append("a", "b");
        assertThat(refused(append("c")).facts()).containsEntry("position", "3");
        assertThat(refused(append("b")).facts()).containsEntry("position", "5");
    }

    @Test
    void switchedOnOnlyIdsFromThenOnAreKnownAndSwitchedOffAllAreForgotten() {
        long later = store.createTopic("later");
        assertThat(store.commit(2_000, withIds(later, List.of(event("a")), List.of(), null)))
                .isInstanceOf(Result.Appended.class);
        unique(later, true);
        assertThat(store.commit(2_000, withIds(later, List.of(event("a"), event("b")), List.of(), null)))
                .isInstanceOf(Result.Appended.class);
        assertThat(refused(store.commit(2_000, withIds(later, List.of(event("a")), List.of(), null)))
                        .facts())
                .containsEntry("position", "2");
        unique(later, false);
        unique(later, true);
        assertThat(store.commit(2_000, withIds(later, List.of(event("a")), List.of(), null)))
                .isInstanceOf(Result.Appended.class);
    }

    @Test
    void appendWhoseDoorDidNotKnowOfUniqueIdsIsRefusedForNow() {
        Result.Refused refused = refused(store.append(2_000, topic, "x"));
        assertThat(refused.code()).isEqualTo(ErrorCode.TOPIC_CHANGED);
        assertThat(refused.code().retryable()).isTrue();
        assertThat(refused(store.commit(
                                2_000, Several.many(List.of(TestStore.append(topic, null, "x")), List.of(), null)))
                        .code())
                .isEqualTo(ErrorCode.TOPIC_CHANGED);
        assertThat(store.payloads(topic)).isEmpty();
    }

    @Test
    void oneTakenIdRefusesAnAppendToSeveralTopics() {
        append("a");
        long plain = store.createTopic("plain");
        Result.Refused refused = refused(store.commit(
                2_000,
                Several.many(
                        List.of(
                                TestStore.append(plain, null, "x"),
                                withIds(topic, List.of(event("n"), event("a")), List.of(), null)),
                        List.of(),
                        null)));
        assertThat(refused.code()).isEqualTo(ErrorCode.EVENT_ID_EXISTS);
        assertThat(refused.facts()).isEqualTo(Map.of("id", "a", "position", "1", "event", "2", "topic", "orders"));
        assertThat(store.payloads(plain)).isEmpty();
    }

    @Test
    void deletedTopicLeavesNoId() {
        append("a");
        store.commit(3_000, new Operation.DeleteTopic(topic));
        topic = ((Result.TopicCreated) store.commit(4_000, new Operation.CreateTopic("orders", UNIQUE))).topicId();
        assertThat(append("a")).isInstanceOf(Result.Appended.class);
    }

    private void unique(long of, boolean on) {
        OptionalLong same = OptionalLong.empty();
        assertThat(store.commit(
                        2_000,
                        new Operation.UpdateTopic(
                                of,
                                null,
                                new Operation.Retain(same, same, same),
                                new Operation.Switches(null, on, null))))
                .isEqualTo(new Result.Done());
    }

    private Result append(String... ids) {
        return store.commit(
                2_000, withIds(topic, Arrays.stream(ids).map(Several::event).toList(), List.of(), null));
    }

    private static Result.Refused refused(Result result) {
        return (Result.Refused) result;
    }
}
