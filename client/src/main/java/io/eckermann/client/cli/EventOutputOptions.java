package io.eckermann.client.cli;

import picocli.CommandLine.Option;

/** How a verb writes events. */
final class EventOutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; raw: payloads alone, a line each; cloudevents:"
                    + " CloudEvents as JSON, a line each. Default: ${DEFAULT-VALUE}.")
    private EventWriter.Kind kind = EventWriter.Kind.table;

    @Option(
            names = {"-q", "--quiet"},
            description = "Nothing but data and errors.")
    private boolean quiet;

    EventWriter.Kind kind() {
        return kind;
    }

    boolean quiet() {
        return quiet;
    }
}
