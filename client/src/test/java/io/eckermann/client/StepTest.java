package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.AppendManyRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepTest {
    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(1, 0);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    @Test
    void stepIsSentAsItIsSaidAndAnsweredByTopic() throws Exception {
        Step step = Step.builder()
                .append("invoices", Event.of("a"), Event.of("b"))
                .append(
                        "stock",
                        List.of(Event.of("x")),
                        AppendOptions.builder().expectedHead(0).build())
                .moveCursor("billing", "orders", 6, 7)
                .commit("mail", "orders", 3, CommitOptions.DEFAULTS.withRewind())
                .build();
        StepResult result = AppendTest.await(store.append(step));
        assertThat(result.appends().keySet()).containsExactly("invoices", "stock");
        assertThat(result.appended("invoices").last()).isEqualTo(2);
        assertThat(result.cursors()).extracting(CursorPosition::position).containsExactly(7L, 3L);
        assertThat(result.duplicate()).isFalse();
        AppendManyRequest sent = sent().get(0);
        assertThat(sent.getAppends(0).getConditionsCount()).isZero();
        assertThat(sent.getAppends(1).getConditions(0).hasExpectedHead()).isTrue();
        assertThat(sent.getCursors(0).getExpected()).isEqualTo(6);
        assertThat(sent.getCursors(1).hasExpected()).isFalse();
        assertThat(sent.getCursors(1).getAllowRewind()).isTrue();
    }

    @Test
    void lostAnswerIsAskedForAgainUnderTheSameKey() throws Exception {
        cluster.nodes.get(0).log.losesFirstAnswers = true;
        StepResult result = AppendTest.await(
                store.append(Step.builder().append("invoices", Event.of("a")).build()));
        assertThat(result.duplicate()).isTrue();
        assertThat(sent())
                .hasSize(2)
                .extracting(AppendManyRequest::getIdempotencyKey)
                .doesNotContain("");
        assertThat(sent().get(0)).isEqualTo(sent().get(1));
    }

    @Test
    void keyIsTheWholeStepsAndNotOneAppends() throws Exception {
        AppendOptions named = AppendOptions.builder().idempotencyKey("k").build();
        assertThatThrownBy(() -> Step.builder().append("t", List.of(Event.of("a")), named))
                .isInstanceOf(IllegalArgumentException.class);
        AppendTest.await(store.append(
                Step.builder().append("t", Event.of("a")).idempotencyKey("k").build()));
        assertThat(sent().get(0).getIdempotencyKey()).isEqualTo("k");
    }

    private List<AppendManyRequest> sent() {
        return cluster.nodes.get(0).log.steps;
    }
}
