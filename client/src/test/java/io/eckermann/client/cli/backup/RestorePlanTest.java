package io.eckermann.client.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.client.StateCopy;
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

    @Test
    void eachOfSeveralShardsGoesOnWhereItsSnapshotEnds() {
        Manifest base = shards(0, List.of(150L, 30L), "0-150.segment", "1/0-30.segment");
        Manifest later = shards(
                3600, List.of(420L, 90L), "0-150.packed", "151-420.segment", "1/0-60.segment", "1/61-90.segment");

        RestorePlan plan = RestorePlan.toTime(List.of(base, later), NOON.plusSeconds(60));
        assertThat(plan.base()).isEqualTo(base);
        assertThat(plan.shards()).isEqualTo(2);
        assertThat(plan.log())
                .extracting(each -> each.file().shard() + ":" + each.first())
                .containsExactly("0:151", "1:0", "1:61");
        assertThatThrownBy(() -> RestorePlan.toIndex(List.of(base, later), 151))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each numbers its entries by itself");
        assertThatThrownBy(() -> RestorePlan.toTime(List.of(later), NOON))
                .hasMessageContaining("of entries 0 to 150 of shard 0 the backup");
    }

    private static Manifest manifest(int seconds, long index, String... files) {
        return shards(seconds, List.of(index), files);
    }

    private static Manifest shards(int seconds, List<Long> indexes, String... files) {
        return new Manifest(
                "shop",
                "n1",
                "1",
                NOON.plusSeconds(seconds),
                indexes.stream().map(index -> new StateCopy.End(1, index)).toList(),
                Stream.of(files).map(RestorePlanTest::file).toList());
    }

    private static Manifest.File file(String name) {
        String[] parts = name.split("/", 2);
        int shard = parts.length == 1 ? 0 : Integer.parseInt(parts[0]);
        return new Manifest.File(shard, parts[parts.length - 1], 10, "m", "0a".repeat(32));
    }
}
