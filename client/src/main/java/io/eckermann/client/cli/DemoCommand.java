package io.eckermann.client.cli;

import picocli.CommandLine.Command;

/** Shows on real data what the store does. */
@Command(name = "demo", description = "Shows on real data what it does, and kills a node while doing so.")
final class DemoCommand extends Verb {
    @Override
    public Integer call() {
        return ExitCode.OK;
    }
}
