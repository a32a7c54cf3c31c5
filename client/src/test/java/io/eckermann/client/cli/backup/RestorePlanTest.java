package io.eckermann.client.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestorePlanTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private final Manifest first = manifest(0, 150, "0-99.segment", "100-150.segment");
    private final Manifest second = manifest(3600, 420, "0-99.packed", "100-299.segment", "300-420.segment");
    private final List<Manifest> both = List.of(first, second);

    @Test
    void anEntryBetweenTwoBackupsTakesTheEarlierOneAndTheLogOfTheLater() {
        RestorePlan plan = RestorePlan.toIndex(both, 200);
        assertThat(plan.base()).isEqualTo(first);
        assertThat(plan.later()).isEqualTo(second);
        assertThat(plan.log()).extracting(RestorePlan.Segment::first).containsExactly(100L);
        assertThat(RestorePlan.toIndex(both, 420).log()).isEmpty();
        assertThat(RestorePlan.toIndex(both, 150)).isEqualTo(RestorePlan.whole(first));
    }

    @Test
    void anEntryBeforeTheFirstBackupTakesItsWholeLog() {
        RestorePlan plan = RestorePlan.toIndex(both, 120);
        assertThat(plan.base()).isNull();
        assertThat(plan.later()).isEqualTo(first);
        assertThat(plan.log()).extracting(RestorePlan.Segment::first).containsExactly(0L, 100L);
    }

    @Test
    void whereTheLogWasWrittenAnewThereIsNoWay() {
        assertThatThrownBy(() -> RestorePlan.toIndex(List.of(second), 350))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of entries 0 to 99 the backup " + second.id());
    }

    @Test
    void whatNoBackupReachesIsRefused() {
        assertThatThrownBy(() -> RestorePlan.toIndex(both, 421)).hasMessageContaining("the last one ends at 420");
        assertThatThrownBy(() -> RestorePlan.toTime(both, NOON.plusSeconds(3595)))
                .hasMessageContaining("No backup was taken 10 s after");
    }

    @Test
    void aTimeKeepsAwayFromBackupsThatClocksCouldConfuse() {
        assertThat(RestorePlan.toTime(both, NOON.plusSeconds(60)).base()).isEqualTo(first);
        RestorePlan close = RestorePlan.toTime(both, NOON.minusSeconds(5).minus(RestorePlan.MARGIN));
        assertThat(close.base()).isNull();
        assertThat(close.later()).isEqualTo(first);
        assertThatThrownBy(() -> RestorePlan.toTime(both, NOON.plusSeconds(5)))
                .as("the later one has too little of the log")
                .hasMessageContaining("no way to that point");
    }

    private static Manifest manifest(int seconds, long index, String... files) {
        return new Manifest(
                "shop",
                "n1",
                "1",
                NOON.plusSeconds(seconds),
                0,
                1,
                index,
                Stream.of(files)
                        .map(name -> new Manifest.File(name, 10, "m", "0a"))
                        .toList());
    }
}
