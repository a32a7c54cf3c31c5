package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.ClusterStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.ScavengeStatus;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives back what dead events take on the disks. */
@Command(
        name = "scavenge",
        description = {
            "Gives back the space that dead events take: of topics that were deleted or truncated, and deleted events.",
            "Nodes do so by themselves now and then; start has them do it at once, stop has them leave it alone until"
                    + " start, status shows how far they are."
        })
final class ScavengeCommand extends Verb {
    @Parameters(
            paramLabel = "start|stop|status",
            arity = "0..1",
            description = "What to do. Default: ${DEFAULT-VALUE}.")
    private Act act = Act.status;

    @Option(names = "--node", paramLabel = "ID", description = "Only this node; else all.")
    private String node = "";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    /** Names as on the command line. */
    enum Act {
        start,
        stop,
        status
    }

    @Override
    public Integer call() throws Exception {
        try (EventStore store = cluster.open()) {
            switch (act) {
                case start -> told("started", answer(store.startScavenging(node)));
                case stop -> told("stopped", answer(store.stopScavenging(node)));
                case status -> show(answer(store.cluster()));
            }
            return ExitCode.OK;
        }
    }

    private void told(String what, List<String> nodes) {
        if (output.format() != Format.table) {
            ArrayNode heard = Json.object().putArray("nodes");
            nodes.forEach(heard::add);
            ObjectNode json = Json.object();
            json.set("nodes", heard);
            Json.print(console(), json);
        } else if (!output.quiet()) {
            console().line(what + " on " + String.join(", ", nodes));
            console().flush();
        }
    }

    private void show(ClusterStatus status) {
        List<NodeStatus> nodes = status.nodes().stream()
                .filter(each -> node.isEmpty() || each.id().equals(node))
                .toList();
        if (output.format() != Format.table) {
            Json.print(
                    console(),
                    output.format(),
                    "nodes",
                    nodes.stream().map(ScavengeCommand::json).toList());
            return;
        }
        Table table = new Table("NODE", "STATE", "DEAD", "SEGMENTS", "FREED");
        for (NodeStatus each : nodes) {
            each.scavenge()
                    .ifPresentOrElse(
                            scavenge -> table.row(
                                    each.id(),
                                    name(scavenge),
                                    Bytes.text(scavenge.deadBytes()),
                                    scavenge.segmentsDone() + "/" + scavenge.segments(),
                                    Bytes.text(scavenge.freedBytes())),
                            () -> table.row(each.id(), "-", "-", "-", "-"));
        }
        table.print(console());
    }

    private static ObjectNode json(NodeStatus node) {
        ObjectNode json = Json.object().put("id", node.id());
        node.scavenge().ifPresent(scavenge -> json.set("scavenge", json(scavenge)));
        return json;
    }

    static ObjectNode json(ScavengeStatus scavenge) {
        return Json.object()
                .put("state", name(scavenge))
                .put("dead_bytes", scavenge.deadBytes())
                .put("segments", scavenge.segments())
                .put("segments_done", scavenge.segmentsDone())
                .put("freed_bytes", scavenge.freedBytes());
    }

    private static String name(ScavengeStatus scavenge) {
        return scavenge.state().name().toLowerCase(Locale.ROOT);
    }
}
