package io.eckermann.bench;

import io.eckermann.bench.machine.Machine;
import io.eckermann.bench.machine.PageCache;
import io.eckermann.bench.machine.WorkDirectory;
import io.eckermann.bench.report.CsvFile;
import io.eckermann.bench.report.CurvesFile;
import io.eckermann.bench.report.Glance;
import io.eckermann.bench.report.Goals;
import io.eckermann.bench.report.HtmlPage;
import io.eckermann.bench.report.HtmlPage.SystemFacts;
import io.eckermann.bench.report.Results;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.report.TextTable;
import io.eckermann.bench.system.EckermannRemote;
import io.eckermann.bench.system.Measured;
import io.eckermann.bench.system.Systems;
import io.eckermann.bench.workload.Runner;
import io.eckermann.bench.workload.Settings;
import io.eckermann.bench.workload.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load generator: takes systems through workloads, prints a table, and keeps the raw rows. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures whole clusters of three processes on this machine, side by side.")
public final class Bench implements Callable<Integer> {
    private static final int NEXT_SECONDS = 8;

    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            description = "Such as A,B or A-json-8; see --list. Default: A,A100,B,C,C1.")
    private List<String> workloads = List.of("A", "A100", "B", "C", "C1");

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "NAME",
            description =
                    "eckermann, raw-ratis, disk; with benchmarks/compare kafka and kafka-fsync. Default: eckermann.")
    private List<String> systems = List.of("eckermann");

    @Option(
            names = "--warm",
            paramLabel = "SECONDS",
            description = "Load before the first measurement on a started system. Default: 60.")
    private int warm = 60;

    @Option(
            names = "--next",
            paramLabel = "SECONDS",
            description = {
                "Load before each further one: A, A100 share a started system, and so do B, C, C1, E, E5, F. Each row",
                "says how long its own load and load of its kind ran before. Default: 8, or --warm if that is less."
            })
    private @Nullable Integer next;

    @Option(
            names = "--fresh",
            description = "Starts the system anew for every figure, which is then warmed for all of --warm.")
    private boolean fresh;

    @Option(names = "--measure", paramLabel = "SECONDS", description = "Length of a measurement. Default: 10.")
    private int measure = 10;

    @Option(names = "--repeats", paramLabel = "COUNT", description = "Medians are taken of these. Default: 3.")
    private int repeats = 3;

    @Option(
            names = "--skip",
            split = ",",
            paramLabel = "SYSTEM:NAME",
            description = "Leaves workloads of a system out, such as kafka-fsync:D.")
    private List<String> skipped = List.of();

    @Option(
            names = "--endpoints",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Measures the cluster of Eckermann that runs there, instead of starting one.")
    private List<String> endpoints = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "On the disk to measure; data is removed afterwards. Default: benchmarks/target/data.")
    private Path directory = Path.of("benchmarks", "target", "data");

    @Option(
            names = "--window",
            paramLabel = "BYTES",
            description = "What each producer of A has under way. Default: 2097152.")
    private int windowBytes = 2 << 20;

    @Option(names = "--read-mb", paramLabel = "MB", description = "How much D reads. Default: 1000.")
    private int readMegabytes = 1_000;

    @Option(
            names = "--topics",
            split = ",",
            paramLabel = "COUNT",
            description = "Numbers of topics of H. Default: 1,100,10000.")
    private List<Integer> topicCounts = List.of(1, 100, 10_000);

    @Option(
            names = "--stored-gb",
            split = ",",
            paramLabel = "GB",
            description = "What is stored before, in H, besides nothing; each replica needs as much. Default: 10.")
    private List<Integer> storedGigabytes = List.of(10);

    @Option(
            names = "--stored-events",
            split = ",",
            paramLabel = "COUNT",
            description = "What the topic holds before, in G, besides nothing. Default: 5000000.")
    private List<Long> storedEvents = List.of(5_000_000L);

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = {
                "Keeps the raw rows in FILE.csv, the page in FILE.html, the tables in FILE.txt and rates over time in",
                "FILE-curves.csv."
            })
    private @Nullable String out;

    @Option(names = "--csv", paramLabel = "FILE", description = "Keeps the raw rows there.")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Keeps the page there.")
    private @Nullable Path html;

    @Option(names = "--list", description = "Lists the workloads and does nothing else.")
    private boolean list;

    /** Runs a command line. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench());
        line.setExecutionExceptionHandler((e, at, given) -> {
            System.err.println(e instanceof IllegalArgumentException ? e.getMessage() : e.toString());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (list) {
            Workloads.describe(settings(directory)).forEach(System.out::println);
            return 0;
        }
        try (WorkDirectory work = WorkDirectory.open(directory.toAbsolutePath())) {
            measure(work.path());
            return 0;
        }
    }

    private void measure(Path data) throws Exception {
        Machine machine = Machine.here();
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        System.err.println(machine);
        Path raw = file(csv, ".csv");
        CsvFile kept = raw == null ? null : new CsvFile(raw, date, machine);
        List<Measured> measured =
                endpoints.isEmpty() ? Systems.named(systems) : List.of(new EckermannRemote(endpoints));
        List<Row> rows = new Runner(settings(data), System.err::println, PageCache::fill)
                .run(measured, workloads, row -> {
                    System.err.print(TextTable.of(List.of(row)));
                    if (kept != null) {
                        kept.add(row);
                    }
                });
        Results results = new Results(rows);
        String tables = tables(results);
        System.out.print(tables);
        Path page = file(html, ".html");
        if (page != null) {
            List<SystemFacts> facts = measured.stream()
                    .map(system -> new SystemFacts(system.name(), system.version(), system.acknowledgement()))
                    .toList();
            Files.writeString(page, new HtmlPage(date, machine, how(), facts, described(results), results).toString());
        }
        if (out != null) {
            Files.writeString(Path.of(out + ".txt"), date + "\n" + machine + "\n" + how() + "\n\n" + tables);
            CurvesFile.write(Path.of(out + "-curves.csv"), rows);
        }
    }

    /** The workloads of these rows; one may have several rows. */
    private List<String> described(Results results) {
        return Workloads.describe(settings(directory)).stream()
                .filter(line -> {
                    String name = line.substring(0, line.indexOf(' '));
                    return results.workloads().stream()
                            .anyMatch(workload -> workload.equals(name) || workload.startsWith(name + "-"));
                })
                .map(line -> line.replaceFirst(" +", ": "))
                .toList();
    }

    private static String tables(Results results) {
        StringBuilder tables = new StringBuilder(TextTable.of(results.medians()).toString());
        if (results.systems().size() > 1) {
            tables.append('\n').append(new Glance(results));
        }
        String goals = new Goals(results).toString();
        return tables.append(goals.isEmpty() ? "" : "\n").append(goals).toString();
    }

    private Settings settings(Path data) {
        return new Settings(
                Duration.ofSeconds(warm),
                Duration.ofSeconds(next == null ? Math.min(warm, NEXT_SECONDS) : next),
                Duration.ofSeconds(measure),
                repeats,
                fresh,
                skipped,
                data,
                windowBytes,
                "bench-" + UUID.randomUUID().toString().substring(0, 8) + "-",
                readMegabytes * 1_000_000L,
                topicCounts,
                storedGigabytes,
                storedEvents);
    }

    private String how() {
        String medians = ", then " + measure + " s measured; medians of " + repeats + ", systems in turns.";
        int more = next == null ? Math.min(warm, NEXT_SECONDS) : next;
        return fresh
                ? "Each figure: a fresh start, " + warm + " s of load" + medians
                : "Each kind of load: a fresh start, " + warm + " s of the first workload, " + more
                        + " s of each further one" + medians + " How long a figure's own load and load of its kind ran"
                        + " before it is in the columns \"warm s\" and \"of kind s\".";
    }

    /** The file asked for, or the one beside the others; null when neither was asked for. */
    private @Nullable Path file(@Nullable Path own, String ending) {
        return own != null ? own : out == null ? null : Path.of(out + ending);
    }
}
