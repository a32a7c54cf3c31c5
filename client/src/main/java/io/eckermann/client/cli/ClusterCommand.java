package io.eckermann.client.cli;

import io.eckermann.client.ClusterStatus;
import io.eckermann.client.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verbs about the cluster. */
@Command(
        name = "cluster",
        description = "Shows the cluster, and changes which nodes it has and which of them leads.",
        synopsisSubcommandLabel = "status|transfer|drain|resume|add|remove|replace",
        subcommands = {
            ClusterCommand.Status.class,
            NodeCommands.Transfer.class,
            NodeCommands.Drain.class,
            NodeCommands.Resume.class,
            NodeCommands.Add.class,
            NodeCommands.Remove.class,
            NodeCommands.Replace.class
        })
final class ClusterCommand extends VerbGroup {
    /** Shows the nodes. */
    @Command(
            name = "status",
            description = "Shows the nodes as one of them sees them. Ends with 5 when there is no leader.")
    static final class Status extends Verb {
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Mixin
        private ClusterOptions cluster = new ClusterOptions();

        @Override
        public Integer call() throws Exception {
            try (EventStore store = cluster.open()) {
                ClusterStatus status = answer(store.cluster());
                switch (output.format()) {
                    case table -> print(status);
                    case json -> Json.print(console(), ClusterTables.json(status));
                    case ndjson -> {
                        status.nodes().forEach(node -> console().line(Json.text(ClusterTables.json(node))));
                        console().flush();
                    }
                }
                return status.leader().isPresent() ? ExitCode.OK : ExitCode.UNAVAILABLE;
            }
        }

        private void print(ClusterStatus status) {
            ClusterTables.nodes(status).print(console());
            if (status.shards().size() > 1) {
                ClusterTables.shards(status).print(console());
            }
            if (!output.quiet()) {
                console()
                        .note("cluster " + status.clusterId() + ", term " + status.term() + ", "
                                + status.leader()
                                        .map(leader -> "leader " + leader)
                                        .orElse("no leader") + ", seen by "
                                + status.answeredBy()
                                + (status.cutOff() ? ", which is cut off from the majority" : ""));
            }
        }
    }
}
