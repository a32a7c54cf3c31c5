package io.eckermann.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures a cluster. The load generator is the benchmark module's and runs as a process of its own: it needs another
 * heap and compiler than a command line, and the client's jar needs nothing of it. It is built when it is first needed.
 */
@Command(
        name = "bench",
        description = {
            "Measures a cluster: by default a throw-away one of three nodes on this machine, for some seconds.",
            "",
            "Workloads: A throughput, A100 the same with 100 B events, B one synchronous producer, C and C1 64 of them on"
                    + " 64 clients or one, D catch-up read, E latency at 2,000 events a second, F kill of the leader,"
                    + " G what conditions cost, H growth, L the disk by itself. --list names the parts."
        },
        footer = {"", "  eckermann bench", "  eckermann bench B C --warm 30 --html bench.html"})
final class BenchCommand extends Verb {
    private static final List<String> SHORT = List.of("A-random-1", "A-json-1", "B", "C", "E");

    @Parameters(paramLabel = "WORKLOAD", description = "What to measure. Default: A-random-1 A-json-1 B C E.")
    private List<String> workloads = SHORT;

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,…",
            description = "Measures this cluster instead: on topics that it makes and deletes again.")
    private String endpoints = "";

    @Option(names = "--warm", paramLabel = "SECONDS", description = "Load before each measurement. Default: 10.")
    private int warm = 10;

    @Option(names = "--measure", paramLabel = "SECONDS", description = "Length of a measurement. Default: 10.")
    private int measure = 10;

    @Option(names = "--repeats", paramLabel = "COUNT", description = "Medians are taken of these. Default: 1.")
    private int repeats = 1;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description =
                    "Where the throw-away cluster keeps its data: on the disk to measure. Default: a new directory"
                            + " in the current one.")
    private @Nullable Path directory;

    @Option(names = "--csv", paramLabel = "FILE", description = "Keeps the raw rows.")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Keeps a page with plots.")
    private @Nullable Path html;

    @Option(names = "--list", description = "Lists the workloads and does nothing else.")
    private boolean list;

    @Override
    public Integer call() throws Exception {
        List<String> command = new ArrayList<>(List.of(runner().toString(), "Bench"));
        command.addAll(arguments());
        console().flush();
        Process process = new ProcessBuilder(command).inheritIO().start();
        // Ctrl-C reaches both; this one waits until the other has cleaned up.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process), "stop the load"));
        return process.waitFor() == 0 ? ExitCode.OK : ExitCode.ERROR;
    }

    /** The script of the checkout that this command line was started from. */
    private static Path runner() throws IOException {
        Path script = Path.of(System.getProperty("eckermann.command", "eckermann"));
        Path runner = Files.exists(script)
                ? script.toRealPath().resolveSibling("benchmarks").resolve("run")
                : script;
        if (!Files.isExecutable(runner) || runner.equals(script)) {
            throw new Failure.Usage("The benchmark module is part of a checkout: start with its eckermann script.");
        }
        return runner;
    }

    private List<String> arguments() {
        Path data = directory == null
                ? Path.of("bench-data-" + ProcessHandle.current().pid())
                : directory;
        List<String> arguments = new ArrayList<>(List.of(
                "--systems=eckermann,disk",
                "--workloads=" + String.join(",", workloads),
                "--warm=" + warm,
                "--measure=" + measure,
                "--repeats=" + repeats,
                "--dir=" + data));
        if (!endpoints.isEmpty()) {
            arguments.add("--endpoints=" + endpoints);
        }
        if (csv != null) {
            arguments.add("--csv=" + csv);
        }
        if (html != null) {
            arguments.add("--html=" + html);
        }
        if (list) {
            arguments.add("--list");
        }
        return arguments;
    }

    private static void stop(Process process) {
        process.destroy();
        process.onExit().join();
    }
}
