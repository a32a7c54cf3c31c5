package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.chaos.nemesis.Nemeses;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairsTest {
    private static final int ALL_PAIRS = 18 * 17 / 2;

    /** The kinds of a pair, without regard to which begins. */
    private static String kinds(String pair) {
        return Plan.parts(pair).stream()
                .map(name -> Nemeses.named(name).id())
                .sorted((one, other) -> Integer.parseInt(one.substring(1)) - Integer.parseInt(other.substring(1)))
                .collect(Collectors.joining("+"));
    }

    @Test
    void everyPairComesBeforeAnyComesTwiceAndThenAllAgain() {
        int possible = ALL_PAIRS - Pairs.leftOut(3).size();
        Pairs pairs = new Pairs(7, 3);
        List<String> firstRound = IntStream.range(0, possible / 8)
                .mapToObj(episode -> pairs.next(8))
                .flatMap(List::stream)
                .collect(Collectors.toList());
        firstRound.addAll(pairs.next(possible % 8));

        assertThat(firstRound.stream().map(PairsTest::kinds)).hasSize(possible).doesNotHaveDuplicates();
        List<String> secondRound = pairs.next(possible);
        assertThat(secondRound.stream().map(PairsTest::kinds)).doesNotHaveDuplicates();
        assertThat(secondRound).isNotEqualTo(firstRound);
    }

    @Test
    void sameSeedDealsTheSamePairs() {
        assertThat(new Pairs(7, 3).next(200)).isEqualTo(new Pairs(7, 3).next(200));
        assertThat(new Pairs(7, 3).next(20)).isNotEqualTo(new Pairs(8, 3).next(20));
    }

    @Test
    void pairsThatNeverComeAreFewAndEachHasItsReason() {
        assertThat(Pairs.leftOut(3))
                .containsEntry("N1+N2", "a link is in one state at a time")
                .containsEntry("N3+N17", "N17 needs every node")
                .containsEntry("N7+N9", "N9 needs a majority of 3")
                .doesNotContainKeys("N3+N10", "N1+N13", "N5+N6", "N15+N16")
                .hasSizeLessThan(20);
        assertThat(Pairs.leftOut(5).keySet())
                .isSubsetOf(Pairs.leftOut(3).keySet())
                .hasSizeLessThan(14);
        assertThat(new Pairs(1, 3).next(500).stream().map(PairsTest::kinds))
                .doesNotContainAnyElementsOf(Pairs.leftOut(3).keySet());
    }
}
