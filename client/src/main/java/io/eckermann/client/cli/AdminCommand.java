package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.ClusterStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.StorageStatus;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The verbs for who runs the cluster. */
@Command(
        name = "admin",
        description = "Looks after the cluster.",
        synopsisSubcommandLabel = "storage|scavenge|scrub|digest",
        subcommands = {AdminCommand.Storage.class, ScavengeCommand.class, ScrubCommand.class, DigestCommand.class})
final class AdminCommand extends VerbGroup {
    /** Shows what is on the disks. */
    @Command(
            name = "storage",
            description = {
                "Shows the bytes on each node's disk: Raft log not kept, kept segments, what is dead of them, log and"
                        + " segments together (a file counts once), index, snapshots.",
                "PAYLOAD was appended since the node started, and DEVICE is what its process had the device write since"
                        + " then; AMPLIFICATION is the second by the first, once PAYLOAD is 1 MiB.",
                "Numbers are rounded; with --output json they are exact."
            })
    static final class Storage extends Verb {
        /** By less payload the node's own housekeeping would be divided, which says nothing. */
        private static final long TELLING_PAYLOAD_BYTES = 1 << 20;

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
                    case json -> {
                        ObjectNode json = Json.object();
                        ArrayNode nodes = json.putArray("nodes");
                        status.nodes().forEach(node -> nodes.add(json(node)));
                        Json.print(console(), json);
                    }
                    case ndjson -> {
                        status.nodes().forEach(node -> console().line(Json.text(json(node))));
                        console().flush();
                    }
                }
                return ExitCode.OK;
            }
        }

        private void print(ClusterStatus status) {
            Table table = new Table(
                    "NODE",
                    "LOG",
                    "KEPT",
                    "DEAD",
                    "LOG+KEPT",
                    "INDEX",
                    "SNAPSHOTS",
                    "PAYLOAD",
                    "DEVICE",
                    "AMPLIFICATION");
            for (NodeStatus node : status.nodes()) {
                Optional<StorageStatus> known = node.storage();
                if (known.isEmpty()) {
                    table.row(node.id(), "-", "-", "-", "-", "-", "-", "-", "-", "-");
                    continue;
                }
                StorageStatus storage = known.get();
                table.row(
                        node.id(),
                        Bytes.text(storage.logBytes()),
                        Bytes.text(storage.keptBytes()),
                        node.scavenge()
                                .map(scavenge -> Bytes.text(scavenge.deadBytes()))
                                .orElse("-"),
                        Bytes.text(storage.logAndKeptBytes()),
                        Bytes.text(storage.indexBytes()),
                        Bytes.text(storage.snapshotBytes()),
                        Bytes.text(storage.payloadBytes()),
                        storage.deviceBytes() < 0 ? "-" : Bytes.text(storage.deviceBytes()),
                        amplification(storage));
            }
            table.print(console());
        }

        private static String amplification(StorageStatus storage) {
            boolean telling = storage.writeAmplification() > 0 && storage.payloadBytes() >= TELLING_PAYLOAD_BYTES;
            return telling ? String.format(Locale.ROOT, "%.2f", storage.writeAmplification()) : "-";
        }

        private static ObjectNode json(NodeStatus node) {
            ObjectNode json = Json.object()
                    .put("id", node.id())
                    .put("known", node.storage().isPresent());
            node.storage()
                    .ifPresent(storage -> json.put("log_bytes", storage.logBytes())
                            .put("kept_bytes", storage.keptBytes())
                            .put("log_and_kept_bytes", storage.logAndKeptBytes())
                            .put("index_bytes", storage.indexBytes())
                            .put("snapshot_bytes", storage.snapshotBytes())
                            .put("payload_bytes", storage.payloadBytes())
                            .put("device_bytes", storage.deviceBytes())
                            .put("write_amplification", storage.writeAmplification()));
            node.scavenge().ifPresent(scavenge -> json.set("scavenge", ScavengeCommand.json(scavenge)));
            return json;
        }
    }
}
