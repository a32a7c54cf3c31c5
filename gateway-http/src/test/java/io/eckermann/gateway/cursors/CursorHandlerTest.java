package io.eckermann.gateway.cursors;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.statemachine.command.Operation;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CursorHandlerTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH.plusSeconds(60), ZoneOffset.UTC);

    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final CursorHandler cursors = new CursorHandler(memory.shard(), threads.reads, CLOCK);

    @BeforeEach
    void createTopics() {
        append(memory.newTopic("orders"), 5);
        append(memory.newTopic("bills"), 3);
    }

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void commitAnswersWithHeadAndLag() {
        Cursor cursor = commit("audit", "orders", 2);
        assertThat(cursor.getPosition()).isEqualTo(2);
        assertThat(cursor.getHead()).isEqualTo(5);
        assertThat(cursor.getLag()).isEqualTo(3);
        assertThat(get("audit", "orders")).isEqualTo(cursor);
    }

    @Test
    void commitPassesOnWhatTheCallerExpects() {
        Answers.of(cursors.commit(
                request("audit", "orders", 2)
                        .setExpected(0)
                        .setAllowRewind(true)
                        .build(),
                Answers.LONG));
        assertThat(memory.submitted)
                .last()
                .isEqualTo(new Operation.CommitCursor(1, "audit", 2, OptionalLong.of(0), true));
    }

    @Test
    void badPositionsAndNamesAreRefused() {
        assertThat(failureOf(request("audit", "orders", -1)).facts()).containsEntry("field", "position");
        assertThat(failureOf(request("audit", "orders", 1).setExpected(-1)).facts())
                .containsEntry("field", "expected");
        assertThat(failureOf(request("a/b", "orders", 1)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failureOf(request("audit", "a/b", 1)).code()).isEqualTo(ErrorCode.BAD_TOPIC_NAME);
        assertThat(failureOf(request("audit", "nothing", 1)).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(failureOf(request("audit", "orders", Long.MAX_VALUE)).code())
                .isEqualTo(ErrorCode.CURSOR_BEYOND_HEAD);
    }

    @Test
    void unknownCursorIsNotFound() {
        GetCursorRequest request = GetCursorRequest.newBuilder()
                .setTopic("orders")
                .setConsumer("nobody")
                .build();
        StoreException failure = Answers.failureOf(cursors.get(request, Answers.LONG));
        assertThat(failure.code()).isEqualTo(ErrorCode.CURSOR_NOT_FOUND);
        assertThat(failure.facts()).containsEntry("consumer", "nobody").containsEntry("topic", "orders");
    }

    @Test
    void listsByTopicByConsumerByBothAndAll() {
        commit("audit", "orders", 1);
        commit("audit", "bills", 1);
        commit("mail", "orders", 5);
        assertThat(list("", "")).containsExactly("audit@bills+2", "audit@orders+4", "mail@orders+0");
        assertThat(list("orders", "")).containsExactly("audit@orders+4", "mail@orders+0");
        assertThat(list("", "audit")).containsExactly("audit@bills+2", "audit@orders+4");
        assertThat(list("orders", "mail")).containsExactly("mail@orders+0");
        assertThat(list("bills", "mail")).isEmpty();
    }

    @Test
    void listOfAnUnknownTopicIsNotFound() {
        assertThat(Answers.failureOf(cursors.list(
                                ListCursorsRequest.newBuilder()
                                        .setTopic("nothing")
                                        .build(),
                                Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void deletedCursorIsGone() {
        commit("audit", "orders", 1);
        Answers.of(cursors.delete(
                DeleteCursorRequest.newBuilder()
                        .setConsumer("audit")
                        .setTopic("orders")
                        .build(),
                Answers.LONG));
        assertThat(list("", "")).isEmpty();
    }

    private void append(long topicId, int count) {
        EncodedEvents encoded = EventsCodec.encode(Collections.nCopies(count, Event.getDefaultInstance()));
        Answers.of(memory.submit(
                new Operation.Append(
                        topicId, count, encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null),
                Answers.LONG));
    }

    private static CommitCursorRequest.Builder request(String consumer, String topic, long position) {
        return CommitCursorRequest.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .setPosition(position);
    }

    private StoreException failureOf(CommitCursorRequest.Builder request) {
        return Answers.failureOf(cursors.commit(request.build(), Answers.LONG));
    }

    private Cursor commit(String consumer, String topic, long position) {
        return Answers.of(cursors.commit(request(consumer, topic, position).build(), Answers.LONG));
    }

    private Cursor get(String consumer, String topic) {
        return Answers.of(cursors.get(
                GetCursorRequest.newBuilder()
                        .setConsumer(consumer)
                        .setTopic(topic)
                        .build(),
                Answers.LONG));
    }

    private List<String> list(String topic, String consumer) {
        ListCursorsRequest request = ListCursorsRequest.newBuilder()
                .setTopic(topic)
                .setConsumer(consumer)
                .build();
        return Answers.of(cursors.list(request, Answers.LONG)).getCursorsList().stream()
                .map(cursor -> cursor.getConsumer() + "@" + cursor.getTopic() + "+" + cursor.getLag())
                .toList();
    }
}
