package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.DurableFile;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import io.eckermann.raftlog.restore.NewBeginning.Outcome;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The data directory of a node that is not running, made so that a new cluster begins with what is in it. After a crash at
 * any step the same again does the rest; before that the node does not start.
 */
final class FoundedDirectory {
    private static final String STATE = "state";
    private static final String RAFT = "raft";
    /** The log of the cluster that was given up, for who wants to look at it. */
    private static final String FORMER_RAFT = "raft.former";

    private FoundedDirectory() {}

    /**
     * Out of a backup's files.
     *
     * @param root of the node's data; holds none yet
     * @param files see {@link RestoreCommand}
     */
    static Outcome ofBackup(Path root, Path files, Bound bound, NodeConfig config) throws StartException, IOException {
        try (DataDirectory.Lock held = DataDirectory.hold(root)) {
            if (Files.exists(root.resolve(STATE)) || Files.exists(root.resolve(RAFT))) {
                throw new StartException(
                        "The data directory " + root + " holds data already: restore into an empty one, or move that"
                                + " away.",
                        null);
            }
            Path draft = root.resolve("restored.tmp");
            DurableFiles.delete(draft);
            Files.createDirectories(files.resolve("base"));
            Outcome made = NewBeginning.ofSnapshot(files.resolve("base"), files.resolve("log"), draft, bound);
            begin(root, held, config, made);
            DurableFiles.move(draft, root.resolve(STATE));
            DurableFiles.delete(files);
            return made;
        }
    }

    /**
     * Out of what a node of a cluster has that is given up.
     *
     * @param former the id of that cluster
     */
    static Outcome ofSurvivor(Path root, String former, NodeConfig config) throws StartException, IOException {
        try (DataDirectory.Lock held = DataDirectory.hold(root)) {
            Map<String, String> identity = DurableFile.read(root.resolve("identity"));
            if (!former.equals(identity.get("cluster-id"))
                    || !config.self().id().equals(identity.get("node-id"))) {
                throw new StartException(
                        "The data directory " + root + " is of node " + identity.get("node-id") + " of cluster "
                                + identity.get("cluster-id") + ", not of "
                                + config.self().id() + " of " + former
                                + ".",
                        null);
            }
            if (identity.containsKey("shards")) {
                throw new StartException(
                        "The data directory " + root + " has several shards, and no cluster can begin with those yet.",
                        null);
            }
            Path raft = root.resolve(RAFT);
            Path formerRaft = root.resolve(FORMER_RAFT);
            Path log = RaftConfig.logDirectory(Files.exists(raft) ? raft : formerRaft, former);
            Outcome made = NewBeginning.ofSurvivor(root.resolve(STATE), log);
            if (Files.exists(raft)) {
                DurableFiles.delete(formerRaft);
                DurableFiles.move(raft, formerRaft);
            }
            begin(root, held, config, made);
            return made;
        }
    }

    private static void begin(Path root, DataDirectory.Lock held, NodeConfig config, Outcome made) throws IOException {
        // Nobody of the new cluster was met yet.
        Files.deleteIfExists(root.resolve("greetings"));
        String restored = made.raftIndex() + ":" + made.digest();
        DataDirectory.found(root, held, config.clusterId(), config.self().id(), restored);
    }
}
