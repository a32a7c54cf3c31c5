package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.Operation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots of recorded time, and what lies behind a position. */
class TimelineTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long FOREVER = Long.MAX_VALUE;

    private final TestStore store;

    TimelineTest(@TempDir Path directory) {
        store = new TestStore(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void slotsHoldTheirEventsAndEmptyOnesAreLeftOut() {
        long topic = filled();
        assertThat(slots(topic, 10 * SECOND, 0, FOREVER, 100))
                .containsExactly(
                        new TimelineSlot(100 * SECOND, 1, 3),
                        new TimelineSlot(110 * SECOND, 4, 5),
                        new TimelineSlot(500 * SECOND, 6, 6));
        assertThat(slots(topic, 10 * SECOND, 0, FOREVER, 100))
                .extracting(TimelineSlot::count)
                .containsExactly(3L, 2L, 1L);
        assertThat(slots(topic, 1_000 * SECOND, 0, FOREVER, 100)).containsExactly(new TimelineSlot(0, 1, 6));
        assertThat(slots(store.createTopic("empty"), SECOND, 0, FOREVER, 100)).isEmpty();
    }

    @Test
    void boundsCutSlotsAndPagesGoOnWhereTheyEnded() {
        long topic = filled();
        assertThat(slots(topic, 10 * SECOND, 101 * SECOND, 111 * SECOND, 100))
                .containsExactly(new TimelineSlot(100 * SECOND, 3, 3), new TimelineSlot(110 * SECOND, 4, 4));
        assertThat(slots(topic, 10 * SECOND, 0, FOREVER, 1)).containsExactly(new TimelineSlot(100 * SECOND, 1, 3));
        assertThat(slots(topic, 10 * SECOND, 110 * SECOND, FOREVER, 1))
                .containsExactly(new TimelineSlot(110 * SECOND, 4, 5));
        assertThat(slots(topic, 10 * SECOND, 501 * SECOND, FOREVER, 1)).isEmpty();
    }

    @Test
    void deletedEventsCountAndTruncatedOnesDoNot() {
        long topic = filled();
        store.deleteEvent(topic, 3);
        store.commit(600 * SECOND, new Operation.TruncateTopic(topic, 2));
        assertThat(slots(topic, 10 * SECOND, 0, FOREVER, 1)).containsExactly(new TimelineSlot(100 * SECOND, 2, 3));
        store.commit(600 * SECOND, new Operation.TruncateTopic(topic, 7));
        assertThat(slots(topic, 10 * SECOND, 0, FOREVER, 100)).isEmpty();
    }

    @Test
    void whatIsBehindAPositionIsCountedInEventsBytesAndTime() {
        long topic = filled();
        long all = bytes(topic, 1);
        assertThat(unread(topic, 0)).isEqualTo(new Unread(state(topic), 1, all, 100 * SECOND));
        assertThat(unread(topic, 3).bytes()).isEqualTo(bytes(topic, 4));
        assertThat(unread(topic, 3).nextRecordedNs()).isEqualTo(110 * SECOND);
        assertThat(unread(topic, 3).events()).isEqualTo(3);
        assertThat(unread(topic, 1).bytes()).isBetween(bytes(topic, 3), all);
        assertThat(unread(topic, 1).nextRecordedNs()).isEqualTo(100 * SECOND + 1);
        assertThat(unread(topic, 6)).isEqualTo(new Unread(state(topic), 7, 0, 0));
    }

    @Test
    void whatIsBehindARemovedPositionBeginsAtTheFirstThatIsKept() {
        long topic = filled();
        store.commit(600 * SECOND, new Operation.TruncateTopic(topic, 6));
        assertThat(unread(topic, 2)).isEqualTo(new Unread(state(topic), 6, bytes(topic, 6), 500 * SECOND));
        store.commit(600 * SECOND, new Operation.TruncateTopic(topic, 7));
        assertThat(unread(topic, 2)).isEqualTo(new Unread(state(topic), 7, 0, 0));
    }

    /** Three events at 100 s (two and one), two at 110 s and after, one at 500 s. */
    private long filled() {
        long topic = store.createTopic("orders");
        store.append(100 * SECOND, topic, "a", "b");
        store.append(105 * SECOND, topic, "c");
        store.append(110 * SECOND, topic, "d");
        store.append(119 * SECOND, topic, "e");
        store.append(500 * SECOND, topic, "f");
        return topic;
    }

    private long bytes(long topic, long from) {
        return store.view().forward(topic, from, Long.MAX_VALUE).stream()
                .map(Chunk::getBody)
                .mapToLong(body -> body.size())
                .sum();
    }

    private TopicState state(long topic) {
        return store.view().topic(topic).orElseThrow();
    }

    private Unread unread(long topic, long position) {
        return store.view().unread(topic, position).orElseThrow();
    }

    private List<TimelineSlot> slots(long topic, long slotNs, long sinceNs, long untilNs, int max) {
        return store.view().timeline(topic, slotNs, sinceNs, untilNs, max);
    }
}
