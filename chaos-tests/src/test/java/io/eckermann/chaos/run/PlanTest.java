package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.nemesis.Nemeses;
import io.eckermann.chaos.nemesis.Nemesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Path ROOT = Path.of(System.getProperty("eckermann.root", ".."));

    @Test
    void sameSeedMakesTheSamePlanAndAnotherAnother() {
        assertThat(Plan.full(7, 3)).isEqualTo(Plan.full(7, 3));
        List<String> pairs = new Pairs(7, 3).next(8);
        assertThat(Plan.episode(7, 3, pairs).faults())
                .containsAll(pairs)
                .hasSize(16)
                .isNotEqualTo(Plan.episode(8, 3, pairs).faults());
    }

    @Test
    void everyFaultOfEveryPlanExists() {
        Plan soak = Plan.episode(1, 3, new Pairs(1, 3).next(200));
        List.of(Plan.smoke(1), Plan.brief(1), Plan.full(1, 5), soak)
                .forEach(plan -> assertThat(plan.faults().stream().flatMap(fault -> Plan.parts(fault).stream()))
                        .allSatisfy(
                                name -> assertThat(Nemeses.named(name).name()).isEqualTo(name)));
    }

    @Test
    void faultsThatOverlapAreTwoAndNeedAndTakeWhatBothDo() {
        Plan one = Plan.smoke(1).withFaults(List.of("kill-leader"));
        Plan two = Plan.smoke(1).withFaults(List.of("kill-leader+member-added"));
        assertThat(two.spares()).isEqualTo(1);
        assertThat(two.estimate()).isGreaterThan(one.estimate());
        assertThat(two.limit()).isGreaterThan(one.limit());
        assertThatThrownBy(() -> Plan.parts("kill-leader+kill-all+pause-leader"))
                .hasMessageContaining("Two faults overlap at most");
    }

    @Test
    void everyGoalOfAPlanIsOneThatTheReportCounts() throws IOException {
        String counted = Files.readString(ROOT.resolve("chaos-tests/src/main/clojure/eckermann/check/goals.clj"));
        List.of(
                        Plan.smoke(1),
                        Plan.full(1, 3),
                        Plan.fullRaftMeta(1),
                        Plan.fullFlips(1),
                        Plan.fullFaults(1, 3),
                        Plan.fullCuts(1, 3))
                .forEach(plan -> assertThat(plan.goals())
                        .isNotEmpty()
                        .allSatisfy(goal -> assertThat(counted).contains('"' + goal.figure() + "\" [")));
        assertThat(Plan.smoke(1).withFaults(List.of("kill-leader")).goals()).isEmpty();
    }

    @Test
    void fullRunTakesLessThanAnHourAndItsPartsTogetherAreAsMuch() {
        Plan full = Plan.full(1, 3);
        assertThat(full.estimate()).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(50));
        assertThat(Plan.fullFaults(1, 3).faults().size()
                        + Plan.fullCuts(1, 3).faults().size())
                .isEqualTo(full.faults().size());
        assertThat(Plan.fullRaftMeta(1).metaCuts()).isEqualTo(full.metaCuts()).isGreaterThanOrEqualTo(200);
        assertThat(Plan.fullFlips(1).flips()).isEqualTo(full.flips()).isGreaterThanOrEqualTo(1_000);
        assertThat(full.within(Duration.ofMinutes(10)).estimate()).isLessThanOrEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void faultsWithATimeOfTheirOwnCountWithItAndMayTakeIt() {
        Plan kill = Plan.smoke(1).withFaults(List.of("kill-leader"));
        Duration tenMore = kill.estimate().plusSeconds(10);
        assertThat(kill.withFaults(List.of("pause-leader-15s")).estimate()).isEqualTo(tenMore);
        assertThat(kill.withFaults(List.of("pause-leader-15s")).limit())
                .isEqualTo(kill.limit().plusSeconds(10));
        Plan rolling = kill.withFaults(List.of("kill-rolling"));
        assertThat(rolling.withNodes(5).estimate()).isGreaterThan(rolling.estimate());
        assertThat(rolling.withHold(Duration.ofMinutes(1)).estimate())
                .isLessThan(kill.withHold(Duration.ofMinutes(1)).estimate());
    }

    @Test
    void upgradeComesBeforeAllElseAndOnce() {
        Plan upgraded = Plan.full(7, 3).upgradedFirst();
        assertThat(upgraded.faults()).startsWith("rolling-upgrade").containsOnlyOnce("rolling-upgrade");
        assertThat(upgraded.faults()).hasSameSizeAs(Plan.full(7, 3).faults());
        assertThat(Plan.smoke(1).upgradedFirst().faults().subList(1, 11))
                .isEqualTo(Plan.smoke(1).faults());
    }

    @Test
    void fullRunHasEveryFaultAndTwentyCutsOfAllPower() {
        List<String> faults = Plan.full(1, 3).faults();
        assertThat(faults).containsAll(Nemeses.all().stream().map(Nemesis::name).toList());
        assertThat(faults.stream().filter("power-cut-all"::equals).count()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void everyKindOfDamageToEveryKindOfFileHasAName() {
        List<String> names = Nemeses.everyone().stream().map(Nemesis::name).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("zeroed-segment", "truncated-manifest", "misdirected-table", "bit-flip-bodies")
                .allSatisfy(name -> assertThat(Nemeses.named(name).name()).isEqualTo(name));
    }

    @Test
    void everyKindOfFaultHasItsNumber() {
        assertThat(Nemeses.all().stream().map(Nemesis::id).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 18).mapToObj(i -> "N" + i).toList());
    }

    @Test
    void everyPlantedBugStillHasItsPlaceInTheSource() {
        assertThat(PlantedBug.ALL)
                .filteredOn(bug -> !bug.source().isEmpty())
                .allSatisfy(bug -> assertThat(Files.readString(ROOT.resolve(bug.source()))
                                .split(java.util.regex.Pattern.quote(bug.right()), -1))
                        .as(bug.name())
                        .hasSize(2));
        assertThat(NodeProgram.packaged(ROOT).ahead()).isEmpty();
    }
}
