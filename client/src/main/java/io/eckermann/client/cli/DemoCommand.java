package io.eckermann.client.cli;

import io.eckermann.client.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows on real data what the store does. */
@Command(
        name = "demo",
        description = {
            "Shows on real data what it does: loads a week of earthquakes, reads them in several ways, kills the leader"
                    + " with SIGKILL, and proves that nothing acknowledged was lost.",
            "Uses the cluster that runs here or at --endpoints; without one it starts three nodes for itself."
        })
final class DemoCommand extends Verb {
    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where 'up' keeps its data. Default: $" + ClusterOptions.DATA + ", else ./data.")
    private @Nullable Path data;

    @Option(names = "--no-kill", description = "Leaves all nodes alive.")
    private boolean noKill;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        Path directory = data == null ? ClusterOptions.dataDirectory(main()) : data;
        Optional<List<String>> known = cluster.known(directory);
        long startedNs = System.nanoTime();
        try (DemoCluster nodes = known.isPresent()
                        ? DemoCluster.running(known.get(), directory)
                        : DemoCluster.startOwn(console());
                EventStore store = cluster.open(nodes.addresses(), Duration.ofSeconds(30))) {
            if (nodes.isOwn()) {
                console()
                        .line(
                                "No cluster runs here, so three nodes were started in %.1f s; they are removed at the end."
                                        .formatted((System.nanoTime() - startedNs) / 1e9));
            } else {
                console().line("Using the cluster at " + String.join(", ", nodes.addresses()) + ".");
            }
            console().flush();
            return new Demo(console(), store, nodes, !noKill).run() ? ExitCode.OK : ExitCode.ERROR;
        }
    }
}
