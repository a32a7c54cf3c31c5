package io.eckermann.bench.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final long SEED = 7;
    /** Of a processor for each GB. */
    private static final double LEADER = 5e-9;

    private static final double FOLLOWER = 3e-9;
    private static final Percentage CLOSE = Percentage.withPercentage(3);

    /** A disk that is no bottleneck. */
    private static final Costs PROCESSORS = new Costs(0, LEADER, 0, FOLLOWER, 0, 1e-6, 1e-12);

    @Test
    void oneCoreSaturatesAtOneOverItsCost() {
        Layout alone = Layout.apart(1, 1, 1);

        Simulation.Outcome outcome = Simulation.run(PROCESSORS, alone, SEED);

        assertThat(outcome.bytesPerSecond()).isCloseTo(1 / LEADER, CLOSE);
        assertThat(outcome.coresBusy()).isCloseTo(1, within(0.02));
    }

    @Test
    void oneDiskSaturatesAtOneOverItsCost() {
        Costs disks = new Costs(0, 1e-12, 0, 1e-12, 0, 1e-6, 4e-9);

        assertThat(Simulation.run(disks, Layout.apart(3, 1, 8), SEED).bytesPerSecond())
                .isCloseTo(1 / 4e-9, CLOSE);
        assertThat(Simulation.run(disks, Layout.apart(3, 3, 8), SEED).bytesPerSecond())
                .as("every node writes what all shards get")
                .isCloseTo(1 / 4e-9, CLOSE);
        assertThat(Simulation.run(disks, Layout.measured(1, 8, 2048), SEED).bytesPerSecond())
                .as("three nodes share it")
                .isCloseTo(1 / 12e-9, CLOSE);
    }

    @Test
    void moreShardsCarryNoLessUntilEveryNodeLeadsOneAndThenTheFormulasTimesAsMuch() {
        for (int nodes : new int[] {3, 5}) {
            double[] rates = new double[nodes + 1];
            for (int shards = 1; shards <= nodes; shards++) {
                rates[shards] = Simulation.run(PROCESSORS, Layout.apart(nodes, shards, 1), SEED)
                        .bytesPerSecond();
                assertThat(rates[shards]).as("%d shards", shards).isGreaterThan(0.97 * rates[shards - 1]);
            }
            assertThat(rates[nodes] / rates[1])
                    .isCloseTo(nodes * LEADER / (LEADER + (nodes - 1) * FOLLOWER), Percentage.withPercentage(7));
        }
    }

    @Test
    void onOneMachineShardsThatCostNothingMoreBringNothing() {
        double sum = LEADER + 2 * FOLLOWER;

        assertThat(Simulation.run(PROCESSORS, Layout.measured(1, 2, 2048), SEED).bytesPerSecond())
                .isCloseTo(2 / sum, CLOSE);
        assertThat(Simulation.run(PROCESSORS, Layout.measured(4, 2, 2048), SEED).bytesPerSecond())
                .isCloseTo(2 / sum, CLOSE);
        assertThat(Simulation.run(PROCESSORS.slower(2), Layout.measured(4, 2, 2048), SEED)
                        .bytesPerSecond())
                .isCloseTo(1 / sum, CLOSE);
    }

    /** What waits for the disk is not much: then entries are made of what has come meanwhile. */
    @Test
    void littleUnderWayMakesSmallEntries() {
        Costs slowDisk = new Costs(1e-4, LEADER, 1e-4, FOLLOWER, 0, 5e-3, 1e-9);

        Simulation.Outcome large = Simulation.run(slowDisk, Layout.measured(1, 2, 2048), SEED);
        Simulation.Outcome small = Simulation.run(slowDisk, Layout.measured(1, 2, 16), SEED);

        assertThat(large.entryBytes()).isGreaterThan(0.9 * Batch.ENTRY_BYTES);
        assertThat(small.entryBytes()).isLessThan(16 * (16 << 10));
        assertThat(small.bytesPerSecond()).isLessThan(large.bytesPerSecond());
    }

    @Test
    void theSameSeedGivesTheSame() {
        Layout layout = Layout.apart(3, 3, 2);

        assertThat(Simulation.run(PROCESSORS, layout, SEED)).isEqualTo(Simulation.run(PROCESSORS, layout, SEED));
        assertThat(Simulation.run(PROCESSORS, layout, SEED + 1).bytesPerSecond())
                .isCloseTo(Simulation.run(PROCESSORS, layout, SEED).bytesPerSecond(), CLOSE);
    }
}
