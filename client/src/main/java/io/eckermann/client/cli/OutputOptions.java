package io.eckermann.client.cli;

import picocli.CommandLine.Option;

/** How a verb writes its data. */
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "How data is written: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format = Format.table;

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing but data and errors.")
    private boolean quiet;

    Format format() {
        return format;
    }

    boolean quiet() {
        return quiet;
    }
}
