package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.DigestStatus;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has all nodes compare their states. */
@Command(
        name = "digest",
        description = {
            "Has every node work out what its state comes to, topics, cursors and everything, at one entry of the log, waits"
                    + " for that and shows whether all have the same; status shows what was found last.",
            "Nodes do so by themselves now and then. Ends with 1 when one differs."
        })
final class DigestCommand extends StoreVerb {
    private static final long LOOK_MS = 500;
    private static final int SHOWN_CHARACTERS = 16;

    @Parameters(paramLabel = "compare|status", arity = "0..1", description = "What to do. Default: ${DEFAULT-VALUE}.")
    private Act act = Act.compare;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for nodes that answer. Default: ${DEFAULT-VALUE}.")
    private int waitSeconds = 60;

    private boolean differs;

    /** Names as on the command line. */
    enum Act {
        compare,
        status
    }

    @Override
    void run(EventStore store) throws Exception {
        show(act == Act.compare ? compared(store) : answer(store.cluster()).nodes());
    }

    @Override
    int exitCode() {
        return differs ? ExitCode.ERROR : ExitCode.OK;
    }

    /** The nodes as they are once those that answer have told, or the time is up. */
    private List<NodeStatus> compared(EventStore store) throws Exception {
        List<Long> marks = answer(store.nodes().compareStates());
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        List<NodeStatus> nodes = answer(store.cluster()).nodes();
        while (!haveTold(nodes, marks) && System.nanoTime() - endNs < 0) {
            CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(LOOK_MS, TimeUnit.MILLISECONDS))
                    .get();
            nodes = answer(store.cluster()).nodes();
        }
        return nodes;
    }

    private static boolean haveTold(List<NodeStatus> nodes, List<Long> marks) {
        return nodes.stream().filter(NodeStatus::reachable).allMatch(node -> {
            Map<Integer, DigestStatus> last = last(node);
            for (int shard = 0; shard < marks.size(); shard++) {
                if (!last.containsKey(shard) || last.get(shard).raftIndex() < marks.get(shard)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** By shard. */
    static Map<Integer, DigestStatus> last(NodeStatus node) {
        Map<Integer, DigestStatus> last = new TreeMap<>();
        node.digests().forEach(digest -> last.put(digest.shard(), digest));
        return last;
    }

    static String name(DigestStatus.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void show(List<NodeStatus> nodes) {
        differs = nodes.stream()
                .flatMap(node -> last(node).values().stream())
                .anyMatch(digest -> digest.verdict() == DigestStatus.Verdict.DIFFERS
                        || digest.verdict() == DigestStatus.Verdict.NO_MAJORITY);
        if (output().format() != Format.table) {
            Json.print(
                    console(),
                    output().format(),
                    "nodes",
                    nodes.stream().map(DigestCommand::document).toList());
            return;
        }
        Table table = new Table("NODE", "SHARD", "ENTRY", "DIGEST", "VERDICT");
        for (NodeStatus node : nodes) {
            Map<Integer, DigestStatus> last = last(node);
            if (last.isEmpty()) {
                table.row(node.id(), "-", "-", "-", node.reachable() ? "-" : "unreachable");
            }
            last.values()
                    .forEach(digest -> table.row(
                            node.id(), digest.shard(), digest.raftIndex(), shown(digest), name(digest.verdict())));
        }
        table.print(console());
    }

    private static String shown(DigestStatus digest) {
        return digest.sha256().isEmpty() ? "unreadable" : digest.sha256().substring(0, SHOWN_CHARACTERS);
    }

    private static ObjectNode document(NodeStatus node) {
        ObjectNode json = Json.object().put("id", node.id());
        json.set("digests", json(node));
        return json;
    }

    /** All that the node remembers. */
    static ArrayNode json(NodeStatus node) {
        ArrayNode digests = Json.object().putArray("digests");
        node.digests()
                .forEach(digest -> digests.addObject()
                        .put("shard", digest.shard())
                        .put("raft_index", digest.raftIndex())
                        .put("sha256", digest.sha256())
                        .put("verdict", digest.verdict().name().toLowerCase(Locale.ROOT)));
        return digests;
    }
}
