package io.eckermann.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AckGapsTest {
    private static final long MS = 1_000_000;

    @Test
    void longestGapCountsFromTheKillAndToTheEnd() {
        AckGaps gaps = new AckGaps(List.of(900 * MS, 10 * MS, 20 * MS, 950 * MS));

        assertThat(gaps.longestNs(15 * MS, 1_000 * MS)).isEqualTo(880 * MS);
        assertThat(gaps.longestNs(25 * MS, 1_000 * MS)).isEqualTo(875 * MS);
        assertThat(gaps.longestNs(960 * MS, 2_000 * MS)).isEqualTo(1_040 * MS);
    }

    @Test
    void stepsCountWhatFallsIntoThem() {
        AckGaps gaps = new AckGaps(List.of(0L, 50 * MS, 100 * MS, 299 * MS, 300 * MS));

        assertThat(gaps.perStep(0, 300 * MS, 100)).containsExactly(2L, 1L, 1L);
    }
}
