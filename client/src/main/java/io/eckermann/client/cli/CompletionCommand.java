package io.eckermann.client.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete verbs and options. */
@Command(name = "completion", description = "Prints a completion script: source <(eckermann completion bash)")
final class CompletionCommand extends Verb {
    @Parameters(paramLabel = "SHELL", arity = "0..1", description = "${COMPLETION-CANDIDATES}. Default: bash.")
    private Shell shell = Shell.bash;

    /** One script serves both: it asks which shell reads it. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        console().line("# Load it with: source <(eckermann completion " + shell + ")");
        console().line(AutoComplete.bash(main().spec().name(), main().spec().commandLine()));
        console().flush();
        return ExitCode.OK;
    }
}
