package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import picocli.CommandLine.Mixin;

/** A verb that asks a cluster one thing and writes the answer. */
abstract class StoreVerb extends Verb {
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public final Integer call() throws Exception {
        try (EventStore store = cluster.open()) {
            run(store);
        }
        return exitCode();
    }

    /** Of a verb that did what it should and found something that programs must know. */
    int exitCode() {
        return ExitCode.OK;
    }

    /** Does it; what it throws becomes the exit code. */
    abstract void run(EventStore store) throws Exception;

    final OutputOptions output() {
        return output;
    }

    /** Writes what was done: as JSON for programs, else as a sentence, unless it is to be quiet. */
    final void report(ObjectNode json, String sentence) {
        if (output.format() != Format.table) {
            Json.print(console(), json);
        } else {
            report(sentence);
        }
    }

    /** The same of what there is nothing more to tell about. */
    final void report(String sentence) {
        if (output.format() == Format.table && !output.quiet()) {
            console().line(sentence);
            console().flush();
        }
    }
}
