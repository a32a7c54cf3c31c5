package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class ClockJumpsTest {
    private Instant now = Instant.parse("2026-11-21T05:00:00Z");
    private long monotonicNs = 17;
    private final InstantSource source = () -> now;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final ClockJumps jumps = new ClockJumps(clock, () -> monotonicNs, Duration.ofSeconds(5));

    @Test
    void aClockThatGoesOnIsTrusted() {
        passes(Duration.ofHours(3));
        assertThat(jumps.lately()).isFalse();
        passes(Duration.ofMillis(1));
        assertThat(jumps.lately()).isFalse();
    }

    @Test
    void aSmallCorrectionIsNoJump() {
        now = now.plusSeconds(4);
        assertThat(jumps.lately()).isFalse();
        now = now.minusSeconds(4);
        assertThat(jumps.lately()).isFalse();
    }

    @Test
    void aJumpForwardIsSeenAtOnceAndUntilThePeersHaveBeenAsked() {
        now = now.plusSeconds(3600);
        assertThat(jumps.lately()).isTrue();
        passes(Duration.ofMillis(2_900));
        assertThat(jumps.lately()).isTrue();
        passes(Duration.ofMillis(100));
        assertThat(jumps.lately()).isFalse();
    }

    @Test
    void aJumpBackIsSeenToo() {
        passes(Duration.ofSeconds(1));
        now = now.minusSeconds(6);
        assertThat(jumps.lately()).isTrue();
    }

    private void passes(Duration time) {
        now = now.plus(time);
        monotonicNs += time.toNanos();
    }
}
