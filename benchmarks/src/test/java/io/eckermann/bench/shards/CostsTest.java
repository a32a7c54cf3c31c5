package io.eckermann.bench.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostsTest {
    @TempDir
    private Path directory;

    @Test
    void linesGoThroughWhatWasMeasured() throws Exception {
        // 1 ms and 4 s/GB of a leader, 0.5 ms and 3 s/GB of a follower: entries of 1 MB, and of 100 kB.
        MeasuredRow large = new MeasuredRow(1, 2048, 100e6, 100, 5, 3.5, 2, 100, 0);
        MeasuredRow small = new MeasuredRow(1, 64, 40e6, 400, 14, 8, 3, 300, 0);
        MeasuredRow more = new MeasuredRow(4, 2048, 60e6, 80, 9, 9, 2, 300, 3);
        Path file = directory.resolve("costs.csv");
        Files.write(
                file,
                List.of(
                        "# of a machine",
                        DiskRow.HEADER,
                        new DiskRow(1_000_000, 4).csv(),
                        new DiskRow(100_000, 2.2).csv(),
                        MeasuredRow.HEADER,
                        large.csv(),
                        small.csv(),
                        more.csv()));

        assertThat(MeasuredRow.read(file)).containsExactly(large, small, more);
        Costs costs = Costs.of(MeasuredRow.read(file), DiskRow.read(file));

        assertThat(costs.leader(1e6)).isCloseTo(5e-3, within(1e-9));
        assertThat(costs.leaderEntry()).isCloseTo(1e-3, within(1e-9));
        assertThat(costs.followerByte()).isCloseTo(3e-9, within(1e-15));
        assertThat(costs.clientByte()).isCloseTo(2e-9, within(1e-15));
        assertThat(costs.force()).isCloseTo(2e-3, within(1e-9));
        assertThat(costs.diskByte()).isCloseTo(2e-9, within(1e-15));
        assertThatThrownBy(() -> Costs.of(List.of(large, more), DiskRow.read(file)))
                .hasMessageContaining("two loads of one shard");
    }

    @Test
    void figuresAreSumsOverShards() {
        String metrics = """
                # TYPE eckermann_batcher_entries_total counter
                eckermann_batcher_entries_total{shard="0"} 12.0
                eckermann_batcher_entries_total{shard="1"} 30.0
                ratis_log_flush_seconds{shard="0",quantile="0.5"} 0.002
                ratis_log_flush_seconds_count{shard="0"} 7
                """;

        assertThat(NodeFigures.parse(metrics)).isEqualTo(new NodeFigures(42, 7));
    }
}
