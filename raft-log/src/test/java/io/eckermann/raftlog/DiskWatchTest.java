package io.eckermann.raftlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    @Test
    void theDiskIsAskedAtMostOnceASecond() {
        ManualClock clock = new ManualClock(Long.MAX_VALUE - 5);
        AtomicInteger asked = new AtomicInteger();
        int[] free = {100};
        DiskWatch watch = new DiskWatch(
                () -> {
                    asked.incrementAndGet();
                    return free[0];
                },
                clock,
                50);
        assertThat(watch.isFull()).isFalse();
        free[0] = 49;
        assertThat(watch.isFull()).isFalse();
        assertThat(asked).hasValue(1);
        clock.advance(1_000_000_000);
        assertThat(watch.isFull()).isTrue();
        free[0] = 56;
        clock.advance(1_000_000_000);
        assertThat(watch.isFull()).isFalse();
        assertThat(asked).hasValue(3);
    }

    @Test
    void aDiskThatWasFullHasRoomOnlyWhenClearlyMoreIsFree() {
        Watermark mark = new Watermark(80);
        assertThat(mark.isLow(80)).isFalse();
        assertThat(mark.isLow(79)).isTrue();
        // What is written and removed around the mark changes nothing.
        for (long free : new long[] {80, 89, 79, 85}) {
            assertThat(mark.isLow(free)).isTrue();
        }
        assertThat(mark.isLow(90)).isFalse();
        assertThat(mark.isLow(80)).isFalse();
        assertThat(new Watermark(Long.MAX_VALUE).freeBytesAgain()).isEqualTo(Long.MAX_VALUE);
    }
}
