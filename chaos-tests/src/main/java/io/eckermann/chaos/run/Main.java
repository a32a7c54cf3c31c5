package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.nemesis.Nemeses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line: breaks a cluster of packaged nodes, and says what held. Exits with 0 for valid, 1 for invalid, 2 for unknown. */
@Command(name = "chaos", description = "Breaks a real cluster, and proves what held.", mixinStandardHelpOptions = true)
public final class Main {
    private static final int EXIT_USAGE = 64;
    private static final String HISTORY = "history.edn";
    /** And as many faults alone: eight minutes or so. */
    private static final int PAIRS_OF_AN_EPISODE = 8;

    @Option(
            names = "--isolation",
            hidden = true,
            defaultValue = "none",
            scope = CommandLine.ScopeType.INHERIT,
            description = "How this process was set apart; the script says it.")
    private String isolation = "none";

    @Option(
            names = "--root",
            hidden = true,
            defaultValue = ".",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Of the source tree; the script says it.")
    private Path root = Path.of(".");

    @Option(
            names = "--store",
            paramLabel = "<dir>",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Where runs are kept; default: chaos-tests/store.")
    private @Nullable Path store;

    @Option(
            names = "--previous",
            paramLabel = "<dir>",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Root of an earlier build, packaged: nodes begin as that one, and the fault"
                    + " rolling-upgrade brings them to this one.")
    private @Nullable Path previous;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Wrong usage has a code of its own: picocli's is that of a run that is unknown. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main()).setExitCodeExceptionMapper(failure -> EXIT_USAGE);
        line.getCommandSpec().exitCodeOnInvalidInput(EXIT_USAGE);
        line.getSubcommands().values().forEach(each -> each.getCommandSpec().exitCodeOnInvalidInput(EXIT_USAGE));
        return line;
    }

    private Episode.Setup setup() {
        Path home = root.toAbsolutePath().normalize();
        NodeProgram program = NodeProgram.packaged(home);
        Path kept = store == null ? home.resolve("chaos-tests/store") : store.toAbsolutePath();
        return new Episode.Setup(
                home,
                kept,
                Bed.Isolation.valueOf(isolation.toUpperCase(Locale.ROOT)),
                program,
                previous == null ? program : NodeProgram.ofBuild(previous),
                List.of(),
                false);
    }

    private static int code(Analysis.Judgement judgement) {
        return switch (judgement.verdict()) {
            case VALID -> 0;
            case INVALID -> 1;
            case UNKNOWN -> 2;
        };
    }

    private static long seed(@Nullable Long given) {
        return given == null ? ThreadLocalRandom.current().nextLong(1, 10_000_000) : given;
    }

    /** With an earlier build the upgrade comes first, where the plan does not say when. */
    private int run(Plan plan) throws Exception {
        Episode.Setup setup = setup();
        boolean when = !setup.upgrades() || plan.faults().contains(Nemeses.ROLLING_UPGRADE);
        return code(new Episode(setup, when ? plan : plan.upgradedFirst()).run());
    }

    /** The same of faults in an order of the seed, which does not count for the upgrade. */
    private int runDrawn(Plan plan) throws Exception {
        return run(previous == null ? plan : plan.upgradedFirst());
    }

    @Command(description = "Ten faults on three nodes, in less than four minutes.", mixinStandardHelpOptions = true)
    int smoke(
            @Option(names = "--seed", description = "Repeats the choices of a run; default: another one every time.")
                    @Nullable
                    Long seed,
            @Option(
                            names = "--faults",
                            split = ",",
                            paramLabel = "<name>",
                            description = "Others than the usual; a+b: two that overlap.")
                    @Nullable
                    List<String> faults,
            @Option(names = "--hold", defaultValue = "5", paramLabel = "<s>", description = "Seconds each fault lasts.")
                    int hold,
            @Option(names = "--nodes", defaultValue = "3", description = "3 or 5.") int nodes,
            @Option(names = "--brief", description = "Three faults alone, for a build: about a minute.") boolean brief)
            throws Exception {
        Plan plan = brief ? Plan.brief(seed(seed)) : Plan.smoke(seed(seed)).withHold(Duration.ofSeconds(hold));
        return run((faults == null ? plan : plan.withFaults(faults)).withNodes(nodes));
    }

    @Command(
            description =
                    "Every fault, twenty cuts of all power, two hundred at raft-meta, and a thousand flips of bits: about three quarters of an hour.",
            mixinStandardHelpOptions = true)
    int full(
            @Option(names = "--seed") @Nullable Long seed,
            @Option(names = "--nodes", defaultValue = "3", description = "3 or 5.") int nodes,
            @Option(
                            names = "--part",
                            defaultValue = "all",
                            paramLabel = "<name>",
                            description = "raft-meta, flips, faults or cuts, with the goals of that part alone.")
                    String part,
            @Option(
                            names = "--minutes",
                            paramLabel = "<n>",
                            description = "About so long, with the first faults alone, and no goals.")
                    @Nullable
                    Integer minutes)
            throws Exception {
        long chosen = seed(seed);
        Plan plan = switch (part) {
            case "all" -> Plan.full(chosen, nodes);
            case "raft-meta" -> Plan.fullRaftMeta(chosen);
            case "flips" -> Plan.fullFlips(chosen);
            case "faults" -> Plan.fullFaults(chosen, nodes);
            case "cuts" -> Plan.fullCuts(chosen, nodes);
            default ->
                throw new IllegalArgumentException(
                        "No part '" + part + "'; there are raft-meta, flips, faults, cuts, and all");
        };
        return runDrawn(minutes == null ? plan : plan.within(Duration.ofMinutes(minutes)));
    }

    @Command(
            description =
                    "Episodes of faults drawn by lot, alone and in pairs, until one is not valid or the time is over.",
            mixinStandardHelpOptions = true)
    int soak(
            @Option(names = "--hours", defaultValue = "8") double hours,
            @Option(names = "--seed") @Nullable Long seed,
            @Option(names = "--nodes", defaultValue = "3") int nodes)
            throws Exception {
        long endNs = System.nanoTime() + (long) (hours * 3600e9);
        long next = seed(seed);
        Pairs pairs = new Pairs(next, nodes);
        int verdict = 0;
        while (System.nanoTime() < endNs && verdict == 0) {
            verdict = runDrawn(Plan.episode(next, nodes, pairs.next(PAIRS_OF_AN_EPISODE)));
            next++;
        }
        return verdict;
    }

    @Command(description = "The same choices again as in a run that is kept.", mixinStandardHelpOptions = true)
    int replay(
            @Option(names = "--seed", description = "The last run of this seed, in place of a directory.") @Nullable
                    Long seed,
            @Parameters(arity = "0..1", paramLabel = "<directory>", description = "Of the run.") @Nullable
                    Path directory)
            throws Exception {
        if ((seed == null) == (directory == null)) {
            throw new IllegalArgumentException("Name the directory of a run, or its seed with --seed");
        }
        KeptRun kept = directory == null ? KeptRun.ofSeed(setup().store(), seed(seed)) : KeptRun.in(directory);
        return run(kept.plan());
    }

    @Command(
            description = "Plants bugs into the node, and says whether each is found.",
            mixinStandardHelpOptions = true)
    int gates(
            @Option(names = "--seed") @Nullable Long seed,
            @Parameters(paramLabel = "<bug>", arity = "0..*", description = "Default: all.") @Nullable
                    List<String> names)
            throws Exception {
        return new Gates(setup(), seed(seed)).run(names == null ? List.of() : names) ? 0 : 1;
    }

    @Command(
            description = "Judges a history again, of this or of another machine, and writes the reports anew.",
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "<directory or history.edn>") Path history) {
        Path file = Files.isDirectory(history) ? history.resolve(HISTORY) : history.toAbsolutePath();
        Path directory = file.getParent();
        if (directory == null || !file.endsWith(HISTORY) || !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no " + HISTORY + " at " + history
                    + ": name it so, with test.edn and what nodes held beside it");
        }
        return code(Analysis.of(directory));
    }

    @Command(description = "Names every fault there is.", mixinStandardHelpOptions = true)
    int faults() {
        Nemeses.everyone().forEach(nemesis -> System.out.println(nemesis.id() + "\t" + nemesis.name()));
        return 0;
    }
}
