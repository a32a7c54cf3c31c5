package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which of its leased events a consumer hands out when. */
final class HeldEventsTest {
    static Lease lease(long token, String... keys) {
        List<LeasedEvent> events = new ArrayList<>();
        for (String key : keys) {
            Event event = Event.builder().key(key).payload(key).build();
            long position = 10 * token + events.size();
            events.add(new LeasedEvent(new RecordedEvent("t", position, 0, event), 1, token));
        }
        return new Lease(token, 0, events, "");
    }

    private static LeasedEvent next(HeldEvents held) throws InterruptedException {
        return Objects.requireNonNull(held.next());
    }

    @Test
    void laterEventsOfAKeyWaitForTheEarlierOnes() throws InterruptedException {
        HeldEvents held = new HeldEvents(true);
        assertThat(held.add(lease(1, "k", "k", "l"))).isTrue();
        LeasedEvent first = next(held);
        assertThat(first.position()).isEqualTo(10);
        assertThat(next(held).position()).isEqualTo(12);
        assertThat(held.done(first, true)).isTrue();
        assertThat(next(held).position()).isEqualTo(11);
    }

    @Test
    void whatIsBehindAFailedEventOfItsKeyIsNotHandedOut() throws InterruptedException {
        HeldEvents held = new HeldEvents(true);
        held.add(lease(1, "k", "k"));
        held.add(lease(2, "k"));
        assertThat(held.done(next(held), false)).isTrue();
        assertThat(next(held).position()).isEqualTo(20);
        assertThat(held.tokens()).containsExactly(2L);
    }

    @Test
    void whatWasLostIsNeitherHandedOutNorSettled() throws InterruptedException {
        HeldEvents held = new HeldEvents(false);
        held.add(lease(1, "", ""));
        held.add(lease(2, ""));
        LeasedEvent first = next(held);
        held.lost(List.of(1L));
        assertThat(held.done(first, true)).isFalse();
        assertThat(next(held).position()).isEqualTo(20);
    }

    @Test
    void closingGivesBackWhatWasNotHandedOut() throws InterruptedException {
        HeldEvents held = new HeldEvents(true);
        held.add(lease(1, "k", "k", "l"));
        LeasedEvent first = next(held);
        assertThat(held.close()).singleElement().asString().contains("positions: 11", "positions: 12", "RELEASE");
        assertThat(held.next()).isNull();
        assertThat(held.add(lease(2, "k"))).isFalse();
        assertThat(held.done(first, true)).isTrue();
    }
}
