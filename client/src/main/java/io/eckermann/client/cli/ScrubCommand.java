package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.ScrubStatus;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has nodes read through what they keep. */
@Command(
        name = "scrub",
        description = {
            "Reads every kept segment, compares it with its checksums, and mends what is damaged from other nodes.",
            "Nodes do so by themselves now and then; start has them do it at once, stop has them leave it alone until"
                    + " start, status shows how far they are and what they found since they were started."
        })
final class ScrubCommand extends StoreVerb {
    @Parameters(
            paramLabel = "start|stop|status",
            arity = "0..1",
            description = "What to do. Default: ${DEFAULT-VALUE}.")
    private Act act = Act.status;

    @Option(names = "--node", paramLabel = "ID", description = "Only this node; else all.")
    private String node = "";

    /** Names as on the command line. */
    enum Act {
        start,
        stop,
        status
    }

    @Override
    void run(EventStore store) throws Exception {
        switch (act) {
            case start -> told("started", answer(store.nodes().startScrubbing(node)));
            case stop -> told("stopped", answer(store.nodes().stopScrubbing(node)));
            case status -> show(answer(store.cluster()).nodes());
        }
    }

    private void told(String what, List<String> nodes) {
        ObjectNode json = Json.object();
        nodes.forEach(json.putArray("nodes")::add);
        report(json, what + " on " + String.join(", ", nodes));
    }

    private void show(List<NodeStatus> all) {
        List<NodeStatus> nodes = all.stream()
                .filter(each -> node.isEmpty() || each.id().equals(node))
                .toList();
        if (output().format() != Format.table) {
            Json.print(
                    console(),
                    output().format(),
                    "nodes",
                    nodes.stream().map(ScrubCommand::json).toList());
            return;
        }
        Table table = new Table("NODE", "STATE", "SEGMENTS", "DAMAGED", "MENDED");
        for (NodeStatus each : nodes) {
            each.scrub()
                    .ifPresentOrElse(
                            scrub -> table.row(
                                    each.id(),
                                    name(scrub),
                                    scrub.segmentsDone() + "/" + scrub.segments(),
                                    Integer.toString(scrub.damaged()),
                                    Integer.toString(scrub.mended())),
                            () -> table.row(each.id(), "-", "-", "-", "-"));
        }
        table.print(console());
    }

    private static ObjectNode json(NodeStatus node) {
        ObjectNode json = Json.object().put("id", node.id());
        node.scrub()
                .ifPresent(scrub -> json.set(
                        "scrub",
                        Json.object()
                                .put("state", name(scrub))
                                .put("segments", scrub.segments())
                                .put("segments_done", scrub.segmentsDone())
                                .put("damaged", scrub.damaged())
                                .put("mended", scrub.mended())));
        return json;
    }

    private static String name(ScrubStatus scrub) {
        return scrub.state().name().toLowerCase(Locale.ROOT);
    }
}
