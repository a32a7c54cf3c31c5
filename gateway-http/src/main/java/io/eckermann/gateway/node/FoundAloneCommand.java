package io.eckermann.gateway.node;

import io.eckermann.raftlog.restore.NewBeginning.Outcome;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What is left when a majority of a cluster's disks is gone: one node begins another cluster with what it has. */
@Command(
        name = "found-alone",
        description = {
            "Makes this node, which is stopped, the only one of a new cluster that begins with its data.",
            "For when a majority of the old cluster's disks is lost for good: what only those had acknowledged is gone."
                    + " If one of them may come back, don't."
        },
        mixinStandardHelpOptions = true)
final class FoundAloneCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private final Main.Source source = new Main.Source();

    @Option(
            names = "--force",
            paramLabel = "<cluster id>",
            required = true,
            description = "The id of the cluster that is given up, typed out. cluster.id has the new one's.")
    private String given = "";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        NodeConfig config = source.load(parent.environment());
        if (config.nodes().size() != 1) {
            throw new StartException(
                    "The new cluster begins with this node alone: leave it alone in nodes, and add the others to the"
                            + " cluster later.",
                    null);
        }
        if (given.equals(config.clusterId())) {
            throw new StartException(
                    "The new cluster must not be taken for the old one, " + given + ": give cluster.id a new value.",
                    null);
        }
        List<Outcome> made = FoundedDirectory.ofSurvivor(config.dataDirectory(), given, config);
        for (int shard = 0; shard < made.size(); shard++) {
            Outcome outcome = made.get(shard);
            spec.commandLine()
                    .getOut()
                    .println("cluster " + config.clusterId() + " begins with "
                            + config.self().id() + " up to entry " + outcome.raftIndex() + " of " + given
                            + (made.size() == 1 ? "" : ", shard " + shard) + ", state " + outcome.digest());
        }
        return 0;
    }
}
