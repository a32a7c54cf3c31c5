package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.ClusterStatus;
import io.eckermann.client.DigestStatus;
import io.eckermann.client.NodeStatus;
import io.eckermann.client.ShardStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A cluster's nodes and shards, as tables and as JSON. */
final class ClusterTables {
    private ClusterTables() {}

    static Table nodes(ClusterStatus status) {
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
                "HEAP",
                "RESIDENT",
                "LOAD",
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
                    node.room().totalBytes() == 0 ? "-" : Bytes.text(node.room().freeBytes()),
                    node.machine().map(ClusterTables::heap).orElse("-"),
                    node.machine().map(ClusterTables::resident).orElse("-"),
                    node.machine().map(ClusterTables::load).orElse("-"),
                    digest(node),
                    node.version().isEmpty() ? "-" : node.version());
        }
        return table;
    }

    private static String heap(NodeStatus.Machine machine) {
        return Bytes.text(machine.heapUsedBytes()) + " of " + Bytes.text(machine.heapMaxBytes());
    }

    private static String resident(NodeStatus.Machine machine) {
        return machine.residentBytes() == 0 ? "-" : Bytes.text(machine.residentBytes());
    }

    private static String load(NodeStatus.Machine machine) {
        return machine.load() < 0 ? "-" : String.format(Locale.ROOT, "%.2f", machine.load());
    }

    /** The verdict on its state; of several shards the one to look at first. */
    private static String digest(NodeStatus node) {
        return DigestCommand.last(node).values().stream()
                .max(Comparator.comparingInt(ClusterTables::concern))
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

    /** Who leads each shard, and how far each node is in it: applied/committed. */
    static Table shards(ClusterStatus status) {
        List<String> header = new ArrayList<>(List.of("SHARD", "LEADER", "TERM"));
        status.nodes().forEach(node -> header.add(node.id()));
        Table table = new Table(header.toArray(String[]::new));
        for (ShardStatus shard : status.shards()) {
            List<Object> cells =
                    new ArrayList<>(List.of(shard.shard(), shard.leader().orElse("-"), shard.term()));
            status.nodes().forEach(node -> cells.add(progress(shard, node.id())));
            table.row(cells.toArray());
        }
        return table;
    }

    private static String progress(ShardStatus shard, String node) {
        return shard.parts().stream()
                .filter(part -> part.node().equals(node))
                .map(part -> part.applied() + "/" + part.committed())
                .findFirst()
                .orElse("-");
    }

    private static String role(NodeStatus node) {
        return node.role() == NodeStatus.Role.UNKNOWN ? "-" : name(node.role());
    }

    private static String name(NodeStatus.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static String state(NodeStatus node) {
        if (!node.reachable()) {
            return "unreachable";
        }
        String room = node.room().low() ? ", disk low" : "";
        return (node.ready() ? "ready" : "not ready: " + node.notReadyReason()) + room;
    }

    static ObjectNode json(ClusterStatus status) {
        ObjectNode json = Json.object();
        json.put("cluster_id", status.clusterId());
        json.put("answered_by", status.answeredBy());
        json.put("leader", status.leader().orElse(null));
        json.put("term", status.term());
        json.put("cut_off", status.cutOff());
        ArrayNode nodes = json.putArray("nodes");
        status.nodes().forEach(node -> nodes.add(json(node)));
        ArrayNode shards = json.putArray("shards");
        status.shards().forEach(shard -> shards.add(json(shard)));
        return json;
    }

    private static ObjectNode json(ShardStatus shard) {
        ObjectNode json = Json.object()
                .put("shard", shard.shard())
                .put("leader", shard.leader().orElse(null))
                .put("term", shard.term());
        ArrayNode nodes = json.putArray("nodes");
        shard.parts()
                .forEach(part -> nodes.addObject()
                        .put("id", part.node())
                        .put("role", name(part.role()))
                        .put("term", part.term())
                        .put("applied", part.applied())
                        .put("committed", part.committed())
                        .put("snapshot", part.snapshot()));
        return json;
    }

    static ObjectNode json(NodeStatus node) {
        ObjectNode json = Json.object()
                .put("id", node.id())
                .put("role", name(node.role()))
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
        node.machine()
                .ifPresent(machine -> json.put("heap_used_bytes", machine.heapUsedBytes())
                        .put("heap_max_bytes", machine.heapMaxBytes())
                        .put("resident_bytes", machine.residentBytes())
                        .put("load", machine.load())
                        .put("processors", machine.processors()));
        json.set("digests", DigestCommand.json(node));
        return json;
    }
}
