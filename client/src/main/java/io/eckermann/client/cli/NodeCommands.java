package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs that change which nodes a cluster has, and which of them leads. */
final class NodeCommands {
    private static final Duration CHANGE_MAX = Duration.ofMinutes(9);

    private NodeCommands() {}

    /** A verb about one node. */
    abstract static class NodeVerb extends StoreVerb {
        @Parameters(index = "0", paramLabel = "NODE", description = "Its id.")
        private String node = "";

        final String node() {
            return node;
        }

        final void leads(String leader) {
            report(
                    Json.object().put("leader", leader),
                    leader.isEmpty() ? "done; nobody leads now" : "done; " + leader + " leads");
        }

        final void members(List<String> members) {
            NodeCommands.members(this, members);
        }
    }

    private static void members(StoreVerb verb, List<String> members) {
        ObjectNode json = Json.object();
        ArrayNode ids = json.putArray("members");
        members.forEach(ids::add);
        verb.report(json, "members: " + String.join(", ", members));
    }

    /** Hands leadership on. */
    @Command(name = "transfer", description = "Hands leadership to a node, or to the one that has got furthest.")
    static final class Transfer extends StoreVerb {
        @Parameters(paramLabel = "NODE", arity = "0..1", description = "Its id.")
        private String node = "";

        @Option(names = "--shard", paramLabel = "K", description = "Of this shard alone, from 0; else of all of them.")
        private @Nullable Integer shard;

        @Override
        void run(EventStore store) throws Exception {
            Integer one = shard;
            String leader = answer(
                    one == null
                            ? store.nodes().transferLeadership(node)
                            : store.nodes().transferLeadership(node, one));
            report(Json.object().put("leader", leader), leader + " leads");
        }
    }

    /** Prepares a node for being stopped. */
    @Command(
            name = "drain",
            description = {
                "Prepares a node for being stopped: it says that it is not ready, and hands leadership on.",
                "It goes on answering what comes all the same, until it is stopped, or told to resume."
            })
    static final class Drain extends NodeVerb {
        @Override
        void run(EventStore store) throws Exception {
            leads(answer(store.nodes().drain(node())));
        }
    }

    /** Takes that back. */
    @Command(name = "resume", description = "Lets a node that was drained be ready again.")
    static final class Resume extends NodeVerb {
        @Override
        void run(EventStore store) throws Exception {
            leads(answer(store.nodes().resume(node())));
        }
    }

    /** Adds a node. */
    @Command(
            name = "add",
            description = {
                "Adds a node that was started with an empty data directory and this cluster among its nodes.",
                "It is sent what the cluster holds first, and votes once it has that. Waits up to nine minutes; the same"
                        + " command again waits on."
            })
    static final class Add extends StoreVerb {
        @Parameters(paramLabel = "HOST:PORT", description = "Its gRPC door.")
        private String address = "";

        @Override
        void run(EventStore store) throws Exception {
            members(this, answer(store.nodes().add(address, CHANGE_MAX)));
        }
    }

    /** Removes a node. */
    @Command(
            name = "remove",
            description = {
                "Removes a node; it hands leadership on first, and stops then. Its data is not needed any more.",
                "Refused when too few of the others are ready."
            })
    static final class Remove extends NodeVerb {
        @Option(
                names = "--force",
                paramLabel = "CLUSTER",
                description = "The cluster's id, typed out: removes it although too few of the others are ready.")
        private String force = "";

        @Override
        void run(EventStore store) throws Exception {
            members(answer(store.nodes().remove(node(), force, CHANGE_MAX)));
        }
    }

    /** Replaces a node. */
    @Command(
            name = "replace",
            description =
                    "Puts a node that waits to be added in the place of another, dead or alive; see add and remove.")
    static final class Replace extends NodeVerb {
        @Parameters(index = "1", paramLabel = "HOST:PORT", description = "The gRPC door of the new one.")
        private String address = "";

        @Option(names = "--force", paramLabel = "CLUSTER", description = "As of remove.")
        private String force = "";

        @Override
        void run(EventStore store) throws Exception {
            members(answer(store.nodes().replace(node(), address, force, CHANGE_MAX)));
        }
    }
}
