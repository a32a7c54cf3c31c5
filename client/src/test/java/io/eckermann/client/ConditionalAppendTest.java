package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.AppendRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
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
    void lostAnswerIsAskedForAgainUnderTheSameSequence() throws Exception {
        cluster.meet(FakeCluster.Fate.DROP_AFTER);
        CompletableFuture<AppendResult> append = store.append("t", events(), head(2));
        Await.until("an attempt", () -> cluster.met() > 0);
        cluster.meet(FakeCluster.Fate.ANSWER);
        AppendResult result = AppendTest.await(append);
        assertThat(result.first()).isEqualTo(3);
        assertThat(result.duplicate()).isTrue();
        assertThat(cluster.payloads("t")).hasSize(3);
    }

    @Test
    void lostRefusalIsToldAsItWasDecidedThoughTheConditionHoldsByNow() throws Exception {
        cluster.meet(FakeCluster.Fate.DROP_AFTER);
        CompletableFuture<AppendResult> append = store.append("t", events(), head(5));
        Await.until("an attempt", () -> cluster.met() > 0);
        cluster.fill("t", 3);
        cluster.meet(FakeCluster.Fate.ANSWER);
        assertThat(AppendTest.failure(append))
                .isInstanceOfSatisfying(EckermannException.ConditionFailed.class, failed -> {
                    assertThat(failed.head()).isEqualTo(2);
                    assertThat(failed.outcomeUnknown()).isFalse();
                });
        assertThat(cluster.payloads("t")).hasSize(5);
    }

    @Test
    void refusalsDoNotHoldUpWhatWasSentBehindThem() throws Exception {
        List<CompletableFuture<AppendResult>> appends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            appends.add(store.append("t", events(), head(i % 2 == 0 ? 2 + i / 2 : 999)));
        }
        for (int i = 0; i < 100; i += 2) {
            assertThat(AppendTest.await(appends.get(i)).first()).isEqualTo(3 + i / 2);
            assertThat(AppendTest.failure(appends.get(i + 1))).isInstanceOf(EckermannException.ConditionFailed.class);
        }
        assertThat(cluster.topic("t").producers).hasSize(1);
        assertThat(cluster.appendStreams).hasValue(1);
    }

    @Test
    void appendsWithAndWithoutConditionsAreDifferentProducers() throws Exception {
        AppendTest.await(store.append("t", events()));
        AppendTest.await(store.append("t", events(), head(3)));
        AppendTest.await(store.append("t", events()));
        assertThat(cluster.topic("t").producers).hasSize(2);
        assertThat(cluster.payloads("t")).hasSize(5);
    }

    @Test
    void lostAnswerIsAskedForAgainUnderTheSameKey() throws Exception {
        cluster.nodes.get(0).log.losesFirstAnswers = true;
        AppendResult result = AppendTest.await(store.append("t", events(), keyed(2)));
        assertThat(result.first()).isEqualTo(3);
        assertThat(result.duplicate()).isTrue();
        assertThat(cluster.nodes.get(0).log.conditional)
                .hasSize(2)
                .extracting(AppendRequest::getIdempotencyKey)
                .containsOnly("key");
    }

    @Test
    void whatWasLeftOpenIsNotCalledUndoneBecauseItsRepetitionWasRefused() {
        cluster.nodes.get(0).log.losesFirstAnswers = true;
        cluster.nodes.get(0).log.refusesRepetitions = true;
        try (EventStore impatient = EventStore.builder()
                .endpoints(cluster.endpoints())
                .retriesMax(1)
                .build()) {
            EckermannException failure = AppendTest.failure(impatient.append("t", events(), keyed(2)));
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

    private static AppendOptions keyed(long expected) {
        return AppendOptions.builder()
                .expectedHead(expected)
                .idempotencyKey("key")
                .build();
    }

    private static List<Event> events() {
        return List.of(Event.of("x".getBytes(StandardCharsets.UTF_8)));
    }
}
