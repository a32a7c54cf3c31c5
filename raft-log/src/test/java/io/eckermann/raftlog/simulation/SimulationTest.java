package io.eckermann.raftlog.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Schedules by the thousand. {@code -Dsimulation.schedules=100000} runs more, on {@code -Dsimulation.threads}, from
 * {@code -Dsimulation.first} on; {@code -Dsimulation.bugs=all} plants all bugs; {@code -Dsimulation.seed=N} runs that one alone, and says how few of its steps are enough.
 */
class SimulationTest {
    static final int STEPS = Integer.getInteger("simulation.steps", 300);

    private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 25);
    private static final int THREADS = Integer.getInteger("simulation.threads", 1);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final Long SEED = Long.getLong("simulation.seed");
    private static final boolean ALL_BUGS =
            System.getProperty("simulation.bugs", "").equals("all");
    /** Of all; each build plants these. */
    private static final int QUICK_BUGS = 4;
    /** A planted bug is found within so many. */
    private static final int TO_CONVICT = 300;

    private static Path home;

    @BeforeAll
    static void make() throws IOException {
        home = DirectoryTree.makeFleeting("eckermann-simulation");
    }

    @AfterAll
    static void delete() throws IOException {
        DirectoryTree.delete(home);
    }

    @Test
    void whateverTheScheduleEveryPromiseIsKept() throws Exception {
        if (SEED != null) {
            runAlone(SEED);
            return;
        }
        long startNs = System.nanoTime();
        Tally all = new Tally();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Tally>> runs = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int offset = thread;
                runs.add(threads.submit(() -> runEach(offset)));
            }
            for (Future<Tally> run : runs) {
                all.add(run.get());
            }
        } finally {
            threads.shutdownNow();
        }
        double minutes = (System.nanoTime() - startNs) / 60e9;
        LoggerFactory.getLogger(SimulationTest.class)
                .info("{} schedules, {} a minute: {}", SCHEDULES, Math.round(SCHEDULES / minutes), all);
        // What did not happen was not tested.
        assertThat(List.of(all.elections, all.crashes, all.installs, all.refused, all.unknown, all.leased, all.lapsed))
                .allMatch(count -> count >= SCHEDULES / 10);
        assertThat(all.accepted).isGreaterThan(SCHEDULES * 10);
    }

    private static Tally runEach(int offset) throws IOException {
        Tally all = new Tally();
        for (int i = offset; i < SCHEDULES; i += THREADS) {
            all.add(Simulation.run(FIRST + i, STEPS, home.resolve("s" + i)));
        }
        return all;
    }

    /** Fails with the fewest steps that fail, as far as halving finds them. */
    private static void runAlone(long seed) throws IOException {
        int steps = STEPS;
        AssertionError smallest = null;
        for (int cut = STEPS; cut > 0; cut /= 2) {
            while (steps >= cut) {
                int fewer = smallest == null ? steps : steps - cut;
                try {
                    Simulation.run(seed, fewer, home.resolve("alone"));
                    break;
                } catch (AssertionError e) {
                    smallest = e;
                    steps = fewer;
                }
            }
            if (smallest == null) {
                return;
            }
        }
        throw smallest;
    }

    @Test
    void sameSeedIsTheSameSchedule() throws IOException {
        Tally once = Simulation.run(7, STEPS, home.resolve("once"));
        Tally again = Simulation.run(7, STEPS, home.resolve("again"));
        assertThat(again.fingerprint).isEqualTo(once.fingerprint);
        assertThat(Simulation.run(8, STEPS, home.resolve("other")).fingerprint).isNotEqualTo(once.fingerprint);
    }

    static List<PlantedBug> bugs() {
        return ALL_BUGS ? PlantedBug.ALL : PlantedBug.ALL.subList(0, QUICK_BUGS);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void plantedBugIsConvicted(PlantedBug bug) throws Exception {
        Path directory = home.resolve("bug" + PlantedBug.ALL.indexOf(bug));
        PlantedBug.Schedules schedules = bug.plant(directory);
        String violation = null;
        int seed = 0;
        while (violation == null && seed < TO_CONVICT) {
            seed++;
            violation = schedules.violation(seed, directory.resolve("s" + seed));
        }
        LoggerFactory.getLogger(SimulationTest.class).info("{}: {}", bug.name(), violation);
        assertThat(violation)
                .as("a bug was planted, and %d schedules did not find it", seed)
                .isNotNull();
    }
}
