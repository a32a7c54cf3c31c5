package io.eckermann.client.cli;

import io.eckermann.client.cli.Console.Style;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code eckermann} itself: knows the verbs, turns errors into one line and an exit code. */
@Command(
        name = "eckermann",
        description = "A replicated event store: starts a local cluster, and talks to any cluster.",
        synopsisSubcommandLabel = "VERB",
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "Exit codes: 0 done, 1 error, 2 wrong usage, 3 not found, 4 conflict, 5 unavailable, 130 interrupted.",
            "First steps: eckermann up, then in another terminal: eckermann demo"
        },
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            TopicCommand.class,
            AppendCommand.class,
            StepCommand.class,
            ReadCommand.class,
            TailCommand.class,
            ConsumeCommand.class,
            ExplainCommand.class,
            CursorCommand.class,
            LagCommand.class,
            TimelineCommand.class,
            GroupCommand.class,
            WebhookCommand.class,
            SchemaCommand.class,
            ClusterCommand.class,
            KeyCommand.class,
            AclCommand.class,
            QuotaCommand.class,
            AdminCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            BenchCommand.class,
            ConfigCommand.class,
            CertsCommand.class,
            CompletionCommand.class,
            VersionCommand.class
        })
public final class Main implements Runnable {
    private final Console console;
    private final Map<String, String> env;

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    Main(Console console, Map<String, String> env) {
        this.console = console;
        this.env = env;
    }

    /** Runs one command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "io/eckermann/client/cli/logback.xml");
        System.exit(run(Console.system(), System.getenv(), arguments));
    }

    /** Runs one command line; returns its exit code. */
    static int run(Console console, Map<String, String> env, String... arguments) {
        int code = commandLine(new Main(console, env)).execute(arguments);
        console.progressDone();
        return code;
    }

    static CommandLine commandLine(Main main) {
        CommandLine line = new CommandLine(main);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(Math.min(main.console.columns(), 110));
        line.setUsageHelpAutoWidth(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                main.console.styled(Style.BOLD, "").isEmpty() ? CommandLine.Help.Ansi.OFF : CommandLine.Help.Ansi.ON));
        line.setParameterExceptionHandler((e, given) -> wrongUsage(main.console, e));
        line.setExecutionExceptionHandler((e, at, given) -> Failure.of(e).report(main.console));
        return line;
    }

    /** Every verb has it; picocli shows the help by itself. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Shows what it does and its options.")
    void help(boolean asked) {}

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version of this command line.")
    void version(boolean asked) {}

    CommandSpec spec() {
        return spec;
    }

    Console console() {
        return console;
    }

    Map<String, String> env() {
        return env;
    }

    /** Without a verb: shows the verbs. */
    @Override
    public void run() {
        console.line(spec.commandLine().getUsageMessage().stripTrailing());
        console.flush();
    }

    private static int wrongUsage(Console console, ParameterException e) {
        CommandLine at = e.getCommandLine();
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
        if (e instanceof UnmatchedArgumentException unmatched) {
            message = unknown(at, unmatched.getUnmatched().get(0));
        }
        String end = message.endsWith(".") || message.endsWith("?") ? "" : ".";
        console.note(
                "eckermann: " + message + end + " See: " + at.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String unknown(CommandLine at, String argument) {
        if (argument.startsWith("-")) {
            return "There is no option " + argument
                    + Nearest.of(argument, at.getCommandSpec().optionsMap().keySet());
        }
        return at.getSubcommands().isEmpty()
                ? "'" + argument + "' is one too many"
                : "There is no verb " + argument
                        + Nearest.of(argument, at.getSubcommands().keySet());
    }
}
