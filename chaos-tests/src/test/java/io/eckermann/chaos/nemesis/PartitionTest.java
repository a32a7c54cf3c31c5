package io.eckermann.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionTest {
    @Test
    void onARingEverybodyHearsAMajorityThatIsNobodyElses() {
        for (int size = 5; size <= 9; size++) {
            List<Integer> around = IntStream.range(0, size).boxed().toList();
            List<List<Integer>> apart = Partition.farApart(around);
            Set<Set<Integer>> heard = new HashSet<>();
            for (int node : around) {
                Set<Integer> mine = new HashSet<>(around);
                apart.stream().filter(pair -> pair.contains(node)).forEach(mine::removeAll);
                mine.add(node);
                assertThat(mine).hasSizeBetween(size / 2 + 1, size - 1);
                heard.add(mine);
            }
            assertThat(heard).as("of %d nodes", size).hasSize(size);
        }
    }
}
