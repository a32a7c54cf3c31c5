package io.eckermann.bench;

import io.eckermann.bench.machine.Machine;
import io.eckermann.bench.report.CsvFile;
import io.eckermann.bench.report.Medians;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.report.TextTable;
import io.eckermann.bench.system.Systems;
import io.eckermann.bench.workload.Runner;
import io.eckermann.bench.workload.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
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
    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            description = "Such as A,B or A-json-8. Default: A,A100,B,C,C1.")
    private List<String> workloads = List.of("A", "A100", "B", "C", "C1");

    @Option(names = "--systems", split = ",", paramLabel = "NAME", description = "Default: eckermann.")
    private List<String> systems = List.of("eckermann");

    @Option(names = "--warm", paramLabel = "SECONDS", description = "Load before each measurement. Default: 60.")
    private int warm = 60;

    @Option(names = "--measure", paramLabel = "SECONDS", description = "Length of a measurement. Default: 10.")
    private int measure = 10;

    @Option(names = "--repeats", paramLabel = "COUNT", description = "Medians are taken of these. Default: 3.")
    private int repeats = 3;

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

    @Option(names = "--csv", paramLabel = "FILE", description = "Where the raw rows go.")
    private @Nullable Path csv;

    /** Runs a command line. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(directory);
        Settings settings = new Settings(
                Duration.ofSeconds(warm),
                Duration.ofSeconds(measure),
                repeats,
                directory.toAbsolutePath(),
                windowBytes,
                1 << 30,
                List.of(1, 100, 10_000),
                List.of(1));
        Machine machine = Machine.here();
        System.err.println(machine);
        CsvFile kept = csv == null
                ? null
                : new CsvFile(csv, LocalDate.now(ZoneOffset.UTC).toString(), machine);
        List<Row> rows = new Runner(settings, System.err::println).run(Systems.named(systems), workloads, row -> {
            System.err.print(TextTable.of(List.of(row)));
            if (kept != null) {
                kept.add(row);
            }
        });
        System.out.print(TextTable.of(Medians.of(rows)));
        return 0;
    }
}
