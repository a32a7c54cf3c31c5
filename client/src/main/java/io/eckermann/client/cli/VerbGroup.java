package io.eckermann.client.cli;

import picocli.CommandLine.ParameterException;

/** A noun that has verbs under it and does nothing by itself. */
abstract class VerbGroup extends Verb {
    @Override
    public final Integer call() {
        throw new ParameterException(
                spec().commandLine(),
                "'" + spec().qualifiedName() + "' needs a verb: "
                        + String.join(", ", spec().subcommands().keySet()) + ".");
    }
}
