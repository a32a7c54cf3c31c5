package io.eckermann.client.cli;

import io.eckermann.client.EventTimeRead;
import io.eckermann.client.ReadOptions;
import picocli.CommandLine.Option;

/** What events must be, beside what the index can find them by. */
final class ExpressionOption {
    @Option(
            names = "--filter",
            paramLabel = "CEL",
            description = "Only events for which this is true, e.g. 'data.amount > 100 && type == \"Paid\"'.")
    private String filter = "";

    EventTimeRead applyTo(EventTimeRead read) {
        return filter.isEmpty() ? read : read.filter(filter);
    }

    void applyTo(ReadOptions.Builder options) {
        if (!filter.isEmpty()) {
            options.filter(filter);
        }
    }
}
