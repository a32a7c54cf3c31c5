package io.eckermann.gateway.node;

import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a data directory must hold besides its identity. */
final class Holdings {
    private Holdings() {}

    /**
     * What the directory of a node that has taken part lacks as a whole, so that it would be taken for that of one which never
     * voted.
     *
     * @return a sentence for the operator; empty when nothing is missing
     */
    static String lost(Path root, String clusterId, int shards) throws IOException {
        Path raft = root.resolve("raft");
        for (int shard = 0; shard < shards; shard++) {
            Path log = RaftConfig.logDirectory(raft, clusterId, shard);
            if (isEmpty(log)) {
                Path missing = isEmpty(raft) ? raft : log;
                return "The data directory " + root + " belongs to a member of the cluster, but its Raft log ("
                        + root.relativize(missing) + "/) is missing; restore it from where it went: starting without"
                        + " it could lose acknowledged events.";
            }
        }
        for (int shard = 1; shard < shards; shard++) {
            if (isEmpty(DataDirectory.state(root, shard))) {
                return "The directory " + DataDirectory.ofShard(root, shard)
                        + " of one of this node's shards is missing or empty; restore it from where it went: starting"
                        + " without it could lose acknowledged events.";
            }
        }
        return "";
    }

    /** A crash between the identity's writing and the last state's leaves less than the node is to begin with. */
    static void requireRestored(Path root, int shards, String restored) throws IOException, StartException {
        for (int shard = 0; shard < shards; shard++) {
            Path state = DataDirectory.state(root, shard);
            if (!restored.isEmpty() && isEmpty(state)) {
                throw new StartException(
                        "The data directory " + root + " was to begin with a restored state, but that ("
                                + root.relativize(state) + "/) is missing: restore once more.",
                        null);
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return true;
        }
        try (Stream<Path> content = Files.list(directory)) {
            return content.findAny().isEmpty();
        }
    }
}
