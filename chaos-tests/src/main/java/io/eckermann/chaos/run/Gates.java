package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.nemesis.Nemeses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The test of the test: runs with bugs that are planted, each of which must be convicted by the checker named for it. */
final class Gates {
    private static final String RAFT_META = "raft-meta";
    /** Each of their moments, on each filesystem. */
    private static final int META_CUTS = 14;

    private final Episode.Setup setup;
    private final long seed;

    Gates(Episode.Setup setup, long seed) {
        this.setup = setup;
        this.seed = seed;
    }

    /** Runs those named, or all; says whether every one was convicted. */
    boolean run(List<String> names) throws Exception {
        List<String> lines = new ArrayList<>();
        int convicted = 0;
        for (PlantedBug bug : PlantedBug.ALL) {
            if (!names.isEmpty() && !names.contains(bug.name())) {
                continue;
            }
            String outcome = convict(bug);
            convicted += outcome.startsWith("convicted") ? 1 : 0;
            lines.add(String.format("%-22s %s", bug.name(), outcome));
        }
        System.out.println("\nred gates  " + convicted + " of " + lines.size() + " convicted");
        lines.forEach(line -> System.out.println("  " + line));
        return convicted == lines.size() && convicted > 0;
    }

    private String convict(PlantedBug bug) throws Exception {
        Plan plan = new Plan(
                "gate-" + bug.name(),
                seed,
                3,
                bug.checker().equals(RAFT_META) ? META_CUTS : 0,
                0,
                bug.faults(),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                List.of());
        for (String fault : plan.faults()) {
            assert !Nemeses.named(fault).id().isEmpty();
        }
        Path classes = setup.root().resolve("chaos-tests/target/gates").resolve(bug.name());
        NodeProgram program = bug.plant(setup.program(), Files.createDirectories(classes));
        Episode.Setup planted = new Episode.Setup(
                setup.root(),
                setup.store(),
                setup.isolation(),
                program,
                program,
                setup.settings(),
                bug.name().equals(PlantedBug.LYING));
        Episode episode = new Episode(planted, plan);
        try {
            Analysis.Judgement judgement = episode.run();
            return judgement.broken().contains(bug.checker())
                    ? "convicted by " + bug.checker() + ", broken: " + String.join(", ", judgement.broken())
                    : "NOT CONVICTED by " + bug.checker() + ", broken: " + String.join(", ", judgement.broken());
        } catch (IOException | RuntimeException e) {
            return "NOT CONVICTED, the run failed: " + e.getMessage();
        }
    }
}
