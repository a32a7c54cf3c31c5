package io.eckermann.gateway.node;

import io.eckermann.gateway.logging.LogFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The node's command line: {@code serve} runs it, {@code config} shows what it would run with. */
@Command(name = "eckermann-node", description = "A node of an Eckermann cluster.", mixinStandardHelpOptions = true)
public final class Main {
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 64;
    static final int EXIT_CONFIG = 78;

    /** Where the configuration comes from. */
    static final class Source {
        @Option(names = "--config", paramLabel = "<file>", description = "The configuration, in YAML.")
        @Nullable
        Path file;

        @Option(
                names = "--set",
                paramLabel = "<key=value>",
                description = "Sets one key; counts more than the file and the environment. Repeatable.")
        List<String> assignments = new ArrayList<>();

        NodeConfig load(Map<String, String> environment) throws ConfigException {
            return NodeConfig.load(file, environment, assignments);
        }
    }

    private final Map<String, String> environment;

    Main(Map<String, String> environment) {
        this.environment = environment;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.quietLibraries();
        int code = commandLine(System.getenv()).execute(arguments);
        System.exit(code);
    }

    /** The command line over an environment. */
    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new Main(environment))
                .addSubcommand(new Serve())
                .addSubcommand(new Config())
                .addSubcommand(new DrainCommand())
                .addSubcommand(new RestoreCommand())
                .addSubcommand(new FoundAloneCommand())
                .addSubcommand(new Rehearse())
                .setExecutionExceptionHandler(Main::failed)
                .setParameterExceptionHandler(Main::misused);
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(command.getErr()::println);
            return EXIT_CONFIG;
        }
        command.getErr().println(failure instanceof StartException ? failure.getMessage() : failure.toString());
        return EXIT_FAILED;
    }

    private static int misused(CommandLine.ParameterException misuse, String[] arguments) {
        misuse.getCommandLine().getErr().println(misuse.getMessage() + "; --help shows what there is.");
        return EXIT_USAGE;
    }

    /** Runs the node. */
    @Command(
            name = "serve",
            description = "Runs the node until it is told to stop (SIGTERM, SIGINT).",
            mixinStandardHelpOptions = true)
    static final class Serve implements Callable<Integer> {
        @CommandLine.Mixin
        private final Source source = new Source();

        @Option(names = "--json", description = "Prints the line that says the node is ready as JSON.")
        private boolean json;

        @Option(names = "--stop-on-stdin-eof", description = "Stops also when standard input ends.")
        private boolean stopOnStdinEof;

        @ParentCommand
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Main parent;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            NodeConfig config = source.load(parent.environment);
            return new NodeProcess(
                            config, json, stopOnStdinEof, spec.commandLine().getOut())
                    .run();
        }
    }

    /** Shows the configuration. */
    @Command(
            name = "config",
            description = "Checks the configuration and prints each value and where it came from.",
            mixinStandardHelpOptions = true)
    static final class Config implements Callable<Integer> {
        @CommandLine.Mixin
        private final Source source = new Source();

        @ParentCommand
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Main parent;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() throws ConfigException {
            source.load(parent.environment)
                    .effective()
                    .forEach(value -> spec.commandLine()
                            .getOut()
                            .printf(
                                    "%s: %s  # %s%n",
                                    value.key(), value.text().isEmpty() ? "''" : value.text(), value.origin()));
            return 0;
        }
    }

    /** Plays a cluster through, for the archive of classes that eckermann-node has made of it. */
    @Command(
            name = "rehearse",
            description = "Plays a small cluster through on temporary data, so that the JVM can archive its classes.",
            mixinStandardHelpOptions = true)
    static final class Rehearse implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            Logging.configure("rehearsal", new Telemetry("ERROR", LogFormat.TEXT, null, null));
            Path root = Files.createTempDirectory("eckermann-rehearsal");
            try {
                new Rehearsal(root).play();
            } finally {
                deleteTree(root);
            }
            return 0;
        }

        private static void deleteTree(Path root) throws IOException {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
