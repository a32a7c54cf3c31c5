package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Event;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventDeletionTest {
    private static final String GONE = "(deleted)";

    @TempDir
    Path temp;

    private TestStore store;
    private long orders;

    @BeforeEach
    void open() {
        store = new TestStore(temp.resolve("a"));
        orders = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void deletedEventKeepsItsPlaceAndSaysNothingElse() {
        store.append(2_000, orders, "a", "b", "c");
        assertThat(store.deleteEvent(orders, 2)).isEqualTo(new Result.Done());
        assertThat(events()).containsExactly("a", GONE, "c");
        Chunk chunk = store.view().forward(orders, 2, 1).get(0);
        assertThat(chunk.getFirstPosition()).isEqualTo(1);
        assertThat(chunk.getFirstRecordedNs()).isEqualTo(2_000);
        assertThat(EventsCodec.events(chunk).get(1))
                .isEqualTo(Event.newBuilder().setDeleted(true).build());
    }

    @Test
    void whatMemoryHoldsOfTheTailIsTheSame() {
        store.append(2_000, orders, "a", "b", "c");
        assertThat(store.view().recent(orders, 1, 1_000)).isNotNull();
        store.deleteEvent(orders, 2);
        Recent recent = store.view().recent(orders, 1, 1_000);
        assertThat(recent == null ? List.of() : recent.chunks()).isEmpty();
        store.append(3_000, orders, "d");
        assertThat(Objects.requireNonNull(store.view().recent(orders, 4, 1_000)).chunks())
                .hasSize(1);
        assertThat(events()).containsExactly("a", GONE, "c", "d");
    }

    @Test
    void allEventsOfAChunkCanBeDeletedOneAfterTheOther() {
        store.append(2_000, orders, "a", "b", "c");
        for (long position : new long[] {3, 1, 2}) {
            assertThat(store.deleteEvent(orders, position)).isEqualTo(new Result.Done());
        }
        assertThat(events()).containsExactly(GONE, GONE, GONE);
        store.reopen();
        assertThat(events()).containsExactly(GONE, GONE, GONE);
    }

    @Test
    void chunksThatShareABodyLoseNothingButTheEvent() {
        store.compressing();
        String long1 = "x".repeat(3_000);
        String long2 = "y".repeat(3_000);
        store.append(orders, "p", 1, "first");
        // The one in the middle is known already, so the run becomes two chunks of one body.
        store.commit(
                6_000,
                List.of(
                        TestStore.append(orders, null, long1, "b"),
                        TestStore.append(orders, new Operation.ProducerSequence("p", 1), "first"),
                        TestStore.append(orders, null, "c", long2)));
        List<Chunk> chunks = store.view().forward(orders, 2, Long.MAX_VALUE);
        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).getBody()).isEqualTo(chunks.get(1).getBody());
        store.deleteEvent(orders, 4);
        assertThat(events()).containsExactly("first", long1, "b", GONE, long2);
        store.deleteEvent(orders, 2);
        assertThat(events()).containsExactly("first", GONE, "b", GONE, long2);
        assertThat(store.view().forward(orders, 2, Long.MAX_VALUE))
                .extracting(Chunk::getEncoding)
                .containsOnly(chunks.get(0).getEncoding());
    }

    @Test
    void bodyThatAnotherHasReplacedMeanwhileIsNotReplaced() {
        store.append(2_000, orders, "a", "b");
        StoredChunk before = store.view().stored(orders, 1).orElseThrow();
        store.deleteEvent(orders, 1);
        Result late = store.commit(9_000, TestStore.replacement(orders, 2, before));
        assertThat(late).isInstanceOf(Result.Refused.class);
        assertThat(((Result.Refused) late).code()).isEqualTo(ErrorCode.EVENT_CHANGED);
        assertThat(events()).containsExactly(GONE, "b");
    }

    @Test
    void eventThatWasTruncatedIsNotFound() {
        store.append(2_000, orders, "a", "b");
        StoredChunk before = store.view().stored(orders, 1).orElseThrow();
        store.commit(3_000, new Operation.TruncateTopic(orders, 2));
        Result late = store.commit(9_000, TestStore.replacement(orders, 1, before));
        assertThat(((Result.Refused) late).code()).isEqualTo(ErrorCode.EVENT_NOT_FOUND);
    }

    @Test
    void replicasHaveTheSameBytes() {
        store.append(2_000, orders, "a", "b", "c");
        store.deleteEvent(orders, 2);
        store.commit(3_000, new Operation.TruncateTopic(orders, 2));
        try (StateMachine other = TestStore.open(temp.resolve("b"))) {
            store.replayInto(other);
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    private List<String> events() {
        List<String> texts = new ArrayList<>();
        for (Chunk chunk : store.view().forward(orders, 1, Long.MAX_VALUE)) {
            for (Event event : EventsCodec.events(chunk)) {
                texts.add(event.getDeleted() ? GONE : event.getPayload().toStringUtf8());
            }
        }
        return texts;
    }
}
