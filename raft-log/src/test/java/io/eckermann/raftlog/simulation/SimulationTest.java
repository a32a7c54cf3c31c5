package io.eckermann.raftlog.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules by the thousand, most with rows in memory, some with RocksDB. {@code -Dsimulation.schedules=100000} runs more,
 * {@code -Dsimulation.rocksdb=1000} more with RocksDB, on {@code -Dsimulation.threads}, from {@code -Dsimulation.first} on;
 * {@code -Dsimulation.bugs=all} plants all bugs; {@code -Dsimulation.seed=N} runs that one alone, with RocksDB, and says how few of
 * its steps are enough.
 */
class SimulationTest {
    private static final int STEPS = Integer.getInteger("simulation.steps", 300);
    private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 200);
    private static final int WITH_ROCKSDB = Integer.getInteger("simulation.rocksdb", 8);
    private static final int THREADS = Integer.getInteger("simulation.threads", 1);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final Long SEED = Long.getLong("simulation.seed");
    private static final boolean ALL_BUGS =
            System.getProperty("simulation.bugs", "").equals("all");
    /** Of all; each build plants these. */
    private static final int QUICK_BUGS = 4;
    /** A planted bug is found within so many. */
    private static final int TO_CONVICT = 300;

    private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);

    private static Path home;
    /** Where schedules in memory are run. */
    private static Path rows;

    private static Variant inMemory;

    /** Runs a schedule, as {@link Simulation#run} does. */
    @FunctionalInterface
    private interface Schedules {
        Tally run(long seed, int steps, Path home) throws IOException;
    }

    @BeforeAll
    static void make() throws Exception {
        home = DirectoryTree.makeFleeting("eckermann-simulation");
        rows = home.resolve("rows");
        inMemory = Variant.inMemory(rows, List.of());
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
        Tally all = runAll("in memory", SCHEDULES, inMemory::run, rows);
        // What did not happen was not tested.
        assertThat(List.of(all.elections, all.crashes, all.installs, all.refused, all.unknown, all.leased, all.lapsed))
                .allMatch(count -> count >= SCHEDULES / 10);
        assertThat(all.accepted).isGreaterThan(SCHEDULES * 10);
    }

    @Test
    void withRocksDbEveryPromiseIsKeptToo() throws Exception {
        Tally all = runAll("with RocksDB", WITH_ROCKSDB, Simulation::run, home);
        assertThat(List.of(all.crashes, all.installs)).allMatch(count -> count >= WITH_ROCKSDB / 10);
        assertThat(all.accepted).isGreaterThan(WITH_ROCKSDB * 10);
    }

    private static Tally runAll(String how, int count, Schedules schedules, Path directory) throws Exception {
        long startNs = System.nanoTime();
        Tally all = new Tally();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Tally>> runs = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int offset = thread;
                runs.add(threads.submit(() -> runEach(offset, count, schedules, directory)));
            }
            for (Future<Tally> run : runs) {
                all.add(run.get());
            }
        } finally {
            threads.shutdownNow();
        }
        double minutes = (System.nanoTime() - startNs) / 60e9;
        LOG.info("{} schedules {}, {} a minute: {}", count, how, Math.round(count / minutes), all);
        return all;
    }

    private static Tally runEach(int offset, int count, Schedules schedules, Path directory) throws IOException {
        Tally all = new Tally();
        for (int i = offset; i < count; i += THREADS) {
            all.add(schedules.run(FIRST + i, STEPS, directory.resolve("s" + i)));
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
    void sameSeedIsTheSameScheduleWhateverHoldsTheRows() throws Exception {
        Tally once = Simulation.run(7, STEPS, home.resolve("once"));
        assertThat(inMemory.run(7, STEPS, rows.resolve("once")).counts()).isEqualTo(once.counts());
        assertThat(inMemory.run(7, STEPS, rows.resolve("again")).counts()).isEqualTo(once.counts());
        assertThat(inMemory.run(8, STEPS, rows.resolve("other")).fingerprint).isNotEqualTo(once.fingerprint);
    }

    static List<PlantedBug> bugs() {
        return ALL_BUGS ? PlantedBug.ALL : PlantedBug.ALL.subList(0, QUICK_BUGS);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void plantedBugIsConvicted(PlantedBug bug) throws Exception {
        Path directory = home.resolve("bug" + PlantedBug.ALL.indexOf(bug));
        Variant planted = bug.plant(directory);
        AssertionError violation = null;
        int seed = 0;
        while (violation == null && seed < TO_CONVICT) {
            seed++;
            violation = violation(planted, seed, directory.resolve("s" + seed));
        }
        LOG.info("{}: {}", bug.name(), violation == null ? "not found" : violation.getMessage());
        assertThat(violation)
                .as("a bug was planted, and %d schedules did not find it", seed)
                .isNotNull();
    }

    private static @Nullable AssertionError violation(Variant planted, long seed, Path directory) throws IOException {
        try {
            planted.run(seed, STEPS, directory);
            return null;
        } catch (AssertionError e) {
            return e;
        }
    }
}
