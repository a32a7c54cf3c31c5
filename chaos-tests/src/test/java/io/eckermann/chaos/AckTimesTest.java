package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AckTimesTest {
    @Test
    void gapsThatBeginBeforeOrEndAfterCountWhole() {
        AckTimes times = new AckTimes();
        for (long atMs : new long[] {0, 70, 80, 90, 140, 150, 250, 290}) {
            times.note(atMs);
        }

        assertThat(times.longestGapNs(75, 145)).isEqualTo(50);
        assertThat(times.longestGapNs(60, 145)).as("from 0 to 70").isEqualTo(70);
        assertThat(times.longestGapNs(75, 151)).as("from 150 to 250").isEqualTo(100);
        assertThat(times.longestGapNs(300, 400)).as("none after").isZero();
    }

    @Test
    void shareIsTheLeastThatSoManyDoNotExceed() {
        assertThat(AckTimes.spread(LongStream.rangeClosed(1, 200).map(ms -> ms * 1_000_000)))
                .isEqualTo("200: least 1 ms, median 100, 90 % within 180, 99 % within 198, most 200");
    }
}
