package io.eckermann.gateway.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicHandlerTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final TopicHandler topics = new TopicHandler(memory.shard(), threads.reads);

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void createdTopicHasItsDefaults() {
        CreateTopicResponse response = create("orders", TopicSettings.getDefaultInstance());
        assertThat(response.getCreated()).isTrue();
        assertThat(response.getTopic().getName()).isEqualTo("orders");
        assertThat(response.getTopic().getFirst()).isEqualTo(1);
        assertThat(response.getTopic().getSettings().getMaxEventBytes()).isEqualTo(1 << 20);
        assertThat(response.getTopic()).isEqualTo(get("orders", Consistency.LINEARIZABLE));
    }

    @Test
    void createdTopicIsAnsweredByANodeThatHasNotHeardOfItYet() {
        memory.hideUntilBarrier("orders");

        CreateTopicResponse response = create("orders", TopicSettings.getDefaultInstance());

        assertThat(memory.barriers).as("nothing was waited for").hasValue(0);
        assertThat(response.getTopic()).isEqualTo(get("orders", Consistency.LINEARIZABLE));
    }

    @Test
    void sameSettingsAgainFindTheTopicAndOthersAreRefused() {
        create("orders", TopicSettings.getDefaultInstance());
        TopicSettings same =
                TopicSettings.newBuilder().setMaxEventBytes(1 << 20).build();
        assertThat(create("orders", same).getCreated()).isFalse();
        assertThat(failureOfCreate(
                        "orders", same.toBuilder().setDescription("x").build()))
                .isEqualTo(ErrorCode.TOPIC_EXISTS);
    }

    @Test
    void badNamesAndSettingsAreRefused() {
        assertThat(failureOfCreate("", TopicSettings.getDefaultInstance())).isEqualTo(ErrorCode.BAD_TOPIC_NAME);
        assertThat(failureOfCreate("..", TopicSettings.getDefaultInstance())).isEqualTo(ErrorCode.BAD_TOPIC_NAME);
        assertThat(failureOfCreate("x".repeat(250), TopicSettings.getDefaultInstance()))
                .isEqualTo(ErrorCode.BAD_TOPIC_NAME);
        assertThat(failureOfCreate("a", settings(-1, ""))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failureOfCreate("a", settings((1 << 20) + 1, ""))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(failureOfCreate("a", settings(0, "x".repeat(1_001)))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(memory.submitted).isEmpty();
        create("a", settings(1, "𝄞".repeat(1_000)));
    }

    @Test
    void linearizableReadsWaitForABarrierAndLocalOnesDoNot() {
        create("orders", TopicSettings.getDefaultInstance());
        int before = memory.barriers.get();
        get("orders", Consistency.LOCAL);
        assertThat(memory.barriers).hasValue(before);
        memory.hideUntilBarrier("orders");
        get("orders", Consistency.LINEARIZABLE);
        assertThat(memory.barriers).hasValue(before + 1);
    }

    @Test
    void listsByPrefixInTheOrderOfNames() {
        create("b", TopicSettings.getDefaultInstance());
        create("a.2", TopicSettings.getDefaultInstance());
        create("a.1", TopicSettings.getDefaultInstance());
        assertThat(Answers.of(topics.list(
                                ListTopicsRequest.newBuilder().setPrefix("a.").build(), Answers.LONG))
                        .getTopicsList())
                .extracting(Topic::getName)
                .containsExactly("a.1", "a.2");
    }

    @Test
    void deletedTopicIsGone() {
        create("orders", TopicSettings.getDefaultInstance());
        DeleteTopicRequest delete =
                DeleteTopicRequest.newBuilder().setName("orders").build();
        Answers.of(topics.delete(delete, Answers.LONG));
        assertThat(Answers.failureOf(topics.delete(delete, Answers.LONG)).code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(Answers.failureOf(topics.get(
                                GetTopicRequest.newBuilder().setName("orders").build(), Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    void unknownConsistencyIsRefused() {
        assertThat(Answers.failureOf(topics.list(
                                ListTopicsRequest.newBuilder()
                                        .setConsistencyValue(7)
                                        .build(),
                                Answers.LONG))
                        .facts())
                .containsEntry("field", "consistency");
    }

    private static TopicSettings settings(long bytesMax, String description) {
        return TopicSettings.newBuilder()
                .setMaxEventBytes(bytesMax)
                .setDescription(description)
                .build();
    }

    private ErrorCode failureOfCreate(String name, TopicSettings settings) {
        return Answers.failureOf(topics.create(request(name, settings), Answers.LONG))
                .code();
    }

    private CreateTopicResponse create(String name, TopicSettings settings) {
        return Answers.of(topics.create(request(name, settings), Answers.LONG));
    }

    private static CreateTopicRequest request(String name, TopicSettings settings) {
        return CreateTopicRequest.newBuilder()
                .setName(name)
                .setSettings(settings)
                .build();
    }

    private Topic get(String name, Consistency consistency) {
        return Answers.of(topics.get(
                GetTopicRequest.newBuilder()
                        .setName(name)
                        .setConsistency(consistency)
                        .build(),
                Answers.LONG));
    }
}
