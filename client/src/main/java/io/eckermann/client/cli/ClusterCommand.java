package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.ClusterStatus;
import io.eckermann.client.DigestStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import java.util.Comparator;
import java.util.Locale;
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
                    case json -> Json.print(console(), json(status));
                    case ndjson -> {
                        status.nodes().forEach(node -> console().line(Json.text(json(node))));
                        console().flush();
                    }
                }
                return status.leader().isPresent() ? ExitCode.OK : ExitCode.UNAVAILABLE;
            }
        }

        private void print(ClusterStatus status) {
            Table table = new Table(
                    "NODE",
                    "ROLE",
                    "STATE",
                    "GRPC",
                    "HTTP",
                    "APPLIED",
                    "COMMITTED",
                    "SNAPSHOT",
                    "CLOCK",
                    "FREE",
                    "DIGEST",
                    "VERSION");
            for (NodeStatus node : status.nodes()) {
                table.row(
                        node.id(),
                        role(node),
                        state(node),
                        node.grpcAddress(),
                        node.httpAddress(),
                        node.applied(),
                        node.committed(),
                        node.snapshot(),
                        node.reachable() ? "%+d ms".formatted(node.clockOffset().toMillis()) : "-",
                        node.room().totalBytes() == 0
                                ? "-"
                                : Bytes.text(node.room().freeBytes()),
                        digest(node),
                        node.version().isEmpty() ? "-" : node.version());
            }
            table.print(console());
            if (status.shards().size() > 1) {
                Table shards = new Table("SHARD", "LEADER", "TERM");
                status.shards()
                        .forEach(shard ->
                                shards.row(shard.shard(), shard.leader().orElse("-"), shard.term()));
                shards.print(console());
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

        private static String role(NodeStatus node) {
            return node.role() == NodeStatus.Role.UNKNOWN
                    ? "-"
                    : node.role().name().toLowerCase(Locale.ROOT);
        }

        private static String state(NodeStatus node) {
            if (!node.reachable()) {
                return "unreachable";
            }
            String room = node.room().low() ? ", disk low" : "";
            return (node.ready() ? "ready" : "not ready: " + node.notReadyReason()) + room;
        }

        /** The verdict on its state; of several shards the one to look at first. */
        private static String digest(NodeStatus node) {
            return DigestCommand.last(node).values().stream()
                    .max(Comparator.comparingInt(Status::concern))
                    .map(digest -> DigestCommand.name(digest.verdict()))
                    .orElse("-");
        }

        private static int concern(DigestStatus digest) {
            return switch (digest.verdict()) {
                case AGREES -> 0;
                case OPEN -> 1;
                case NO_MAJORITY -> 2;
                case DIFFERS -> 3;
            };
        }

        private static ObjectNode json(ClusterStatus status) {
            ObjectNode json = Json.object();
            json.put("cluster_id", status.clusterId());
            json.put("answered_by", status.answeredBy());
            json.put("leader", status.leader().orElse(null));
            json.put("term", status.term());
            json.put("cut_off", status.cutOff());
            ArrayNode nodes = json.putArray("nodes");
            status.nodes().forEach(node -> nodes.add(json(node)));
            ArrayNode shards = json.putArray("shards");
            status.shards()
                    .forEach(shard -> shards.addObject()
                            .put("shard", shard.shard())
                            .put("leader", shard.leader().orElse(null))
                            .put("term", shard.term()));
            return json;
        }

        private static ObjectNode json(NodeStatus node) {
            ObjectNode json = Json.object()
                    .put("id", node.id())
                    .put("role", node.role().name().toLowerCase(Locale.ROOT))
                    .put("reachable", node.reachable())
                    .put("ready", node.ready())
                    .put("not_ready_reason", node.notReadyReason())
                    .put("grpc", node.grpcAddress())
                    .put("http", node.httpAddress())
                    .put("raft", node.raftAddress())
                    .put("term", node.term())
                    .put("applied", node.applied())
                    .put("committed", node.committed())
                    .put("snapshot", node.snapshot())
                    .put("version", node.version())
                    .put("clock_offset_ns", Long.toString(node.clockOffset().toNanos()))
                    .put("age_ms", node.age().toMillis())
                    .put("disk_free_bytes", node.room().freeBytes())
                    .put("disk_total_bytes", node.room().totalBytes())
                    .put("disk_low", node.room().low());
            json.set("digests", DigestCommand.json(node));
            return json;
        }
    }
}
