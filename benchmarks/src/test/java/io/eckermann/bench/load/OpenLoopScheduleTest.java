package io.eckermann.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenLoopScheduleTest {
    @Test
    void eventsAreMeantForEvenlySpacedTimes() {
        OpenLoopSchedule schedule = new OpenLoopSchedule(1_000, 2_000);

        assertThat(schedule.timeOf(0)).isEqualTo(1_000);
        assertThat(schedule.timeOf(1)).isEqualTo(501_000);
        assertThat(schedule.timeOf(4)).isEqualTo(2_001_000);
    }

    @Test
    void roundingDoesNotAddUp() {
        OpenLoopSchedule thirds = new OpenLoopSchedule(0, 3);

        assertThat(thirds.timeOf(3_000_000)).isEqualTo(1_000_000L * 1_000_000_000L);
    }
}
