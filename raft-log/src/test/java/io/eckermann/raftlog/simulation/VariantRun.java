package io.eckermann.raftlog.simulation;

import java.io.IOException;
import java.nio.file.Path;

/** What is called of the classes of a {@link Variant}: with types that both sides have in common. */
final class VariantRun {
    private VariantRun() {}

    /** As {@link Simulation#run}; returns the counts of its tally. */
    static int[] run(long seed, int steps, Path home) throws IOException {
        return Simulation.run(seed, steps, home).counts();
    }
}
