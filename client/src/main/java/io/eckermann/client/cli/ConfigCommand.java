package io.eckermann.client.cli;

import io.eckermann.client.cli.local.NodeCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the node's own {@code config}: the client knows nothing of a node's settings. */
@Command(
        name = "config",
        description = "Shows a node's settings, their values and where these come from.",
        footer = {
            "",
            "  eckermann config                                  all settings and their defaults",
            "  eckermann config --config data/n1/node.yaml       as a node would read this file"
        })
final class ConfigCommand extends Verb {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        List<String> all = new ArrayList<>(List.of("config"));
        all.addAll(arguments);
        return NodeCommand.builder(all).inheritIO().start().waitFor();
    }
}
