package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.AppendRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConditionalAppendTest {
    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(1, 0);
        cluster.fill("t", 2);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    @Test
    void refusalTellsWhatDoesNotHold() {
        EckermannException refused = AppendTest.failure(store.append("t", events(), head(1)));
        assertThat(refused).isInstanceOfSatisfying(EckermannException.ConditionFailed.class, failed -> {
            assertThat(failed.head()).isEqualTo(2);
            assertThat(failed.conflicts())
                    .containsExactly(new ConditionConflict("", 0, "expected_head", 1, 2, OptionalLong.of(2)));
            assertThat(failed.outcomeUnknown()).isFalse();
        });
    }

    @Test
    void lostAnswerIsAskedForAgainUnderTheSameKey() throws Exception {
        cluster.nodes.get(0).log.losesFirstAnswers = true;
        AppendResult result = AppendTest.await(store.append("t", events(), head(2)));
        assertThat(result.first()).isEqualTo(3);
        assertThat(result.duplicate()).isTrue();
        assertThat(cluster.nodes.get(0).log.conditional)
                .hasSize(2)
                .extracting(AppendRequest::getIdempotencyKey)
                .doesNotContain("")
                .allMatch(key ->
                        key.equals(cluster.nodes.get(0).log.conditional.get(0).getIdempotencyKey()));
    }

    @Test
    void whatWasLeftOpenIsNotCalledUndoneBecauseItsRepetitionWasRefused() {
        cluster.nodes.get(0).log.losesFirstAnswers = true;
        cluster.nodes.get(0).log.refusesRepetitions = true;
        try (EventStore impatient = EventStore.builder()
                .endpoints(cluster.endpoints())
                .retriesMax(1)
                .build()) {
            EckermannException failure = AppendTest.failure(impatient.append("t", events(), head(2)));
            assertThat(failure.code()).isEqualTo("NO_LEADER");
            assertThat(failure.outcomeUnknown()).isTrue();
        }
    }

    @Test
    void queriesAreSentAsTheyAreSaid() {
        Query query = Query.types("A", "B").tags("x").or(Query.types().tags("y", "z"));
        assertThat(query.wire().getItemsList())
                .extracting(item -> item.getTypesList() + " " + item.getTagsList())
                .containsExactly("[A, B] [x]", "[] [y, z]");
        assertThat(ReadOptions.builder().query(query).key("k").build().wire().getKey())
                .isEqualTo("k");
    }

    @Test
    void allEventsAndSomeAreAllEvents() {
        assertThat(Query.ALL.or(Query.types("A").tags()).wire()).isEqualTo(Query.ALL.wire());
        assertThat(Query.types("A").tags().or(Query.ALL).wire()).isEqualTo(Query.ALL.wire());
    }

    private static AppendOptions head(long expected) {
        return AppendOptions.builder().expectedHead(expected).build();
    }

    private static List<Event> events() {
        return List.of(Event.of("x".getBytes(StandardCharsets.UTF_8)));
    }
}
