package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.DurableFile;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import io.eckermann.raftlog.restore.NewBeginning.Outcome;
import io.eckermann.raftlog.restore.Placements;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

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
     * @return what each shard begins with, by their numbers
     */
    static List<Outcome> ofBackup(Path root, Path files, Bound bound, NodeConfig config)
            throws StartException, IOException {
        try (DataLock held = DataDirectory.hold(root)) {
            requireNoData(root);
            Path draft = root.resolve("restored.tmp");
            DurableFiles.delete(draft);
            List<Outcome> made = new ArrayList<>();
            List<Path> states = new ArrayList<>();
            for (int shard = 0; shard < config.shards(); shard++) {
                Path state = DataDirectory.state(draft, shard);
                Files.createDirectories(state);
                Files.createDirectories(base(files, shard));
                made.add(NewBeginning.ofSnapshot(base(files, shard), log(files, shard), state, bound));
                states.add(state);
            }
            Placements.requireOf(states);
            begin(root, held, config, made);
            for (int shard = config.shards() - 1; shard >= 0; shard--) {
                Path state = DataDirectory.state(root, shard);
                Files.createDirectories(Objects.requireNonNull(state.getParent()));
                DurableFiles.move(states.get(shard), state);
            }
            DurableFiles.delete(draft);
            DurableFiles.delete(files);
            return made;
        }
    }

    /** What a restore that was broken off has put there is done again; the first shard's state comes last. */
    private static void requireNoData(Path root) throws StartException, IOException {
        Path shards = root.resolve(DataDirectory.SHARDS);
        Map<String, String> identity = DurableFile.read(root.resolve("identity"));
        boolean brokenOff =
                !identity.getOrDefault("restored", "").isEmpty() && !Boolean.parseBoolean(identity.get("joined"));
        if (Files.exists(root.resolve(STATE))
                || Files.exists(root.resolve(RAFT))
                || (Files.exists(shards) && !brokenOff)) {
            throw new StartException(
                    "The data directory " + root + " holds data already: restore into an empty one, or move that"
                            + " away.",
                    null);
        }
        DurableFiles.delete(shards);
    }

    /** Where a shard's snapshot is among a backup's files. */
    static Path base(Path files, int shard) {
        return files.resolve(Integer.toString(shard)).resolve("base");
    }

    private static Path log(Path files, int shard) {
        return files.resolve(Integer.toString(shard)).resolve("log");
    }

    /**
     * Out of what a node of a cluster has that is given up.
     *
     * @param former the id of that cluster
     * @return what each shard begins with, by their numbers
     */
    static List<Outcome> ofSurvivor(Path root, String former, NodeConfig config) throws StartException, IOException {
        try (DataLock held = DataDirectory.hold(root)) {
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
            String shards = identity.getOrDefault(DataDirectory.SHARDS, "1");
            if (!shards.equals(Integer.toString(config.shards()))) {
                throw new StartException(
                        "The data directory " + root + " has " + shards + " shards, and the new cluster "
                                + config.shards() + ": set shards to " + shards + ", too.",
                        null);
            }
            Path raft = root.resolve(RAFT);
            Path formerRaft = root.resolve(FORMER_RAFT);
            List<Outcome> made = ofLogs(root, Files.exists(raft) ? raft : formerRaft, former, config.shards());
            if (Files.exists(raft)) {
                DurableFiles.delete(formerRaft);
                DurableFiles.move(raft, formerRaft);
            }
            begin(root, held, config, made);
            return made;
        }
    }

    private static List<Outcome> ofLogs(Path root, Path raft, String former, int shards) throws IOException {
        List<Outcome> made = new ArrayList<>();
        List<Path> states = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            Path state = DataDirectory.state(root, shard);
            made.add(NewBeginning.ofSurvivor(state, RaftConfig.logDirectory(raft, former, shard)));
            states.add(state);
        }
        Placements.complete(states);
        // Once more, for what the first one comes to now.
        made.set(0, NewBeginning.ofSurvivor(states.get(0), RaftConfig.logDirectory(raft, former, 0)));
        return made;
    }

    private static void begin(Path root, DataLock held, NodeConfig config, List<Outcome> made) throws IOException {
        // Nobody of the new cluster was met yet.
        Files.deleteIfExists(root.resolve("greetings"));
        String restored = made.stream()
                .map(each -> each.raftIndex() + ":" + each.digest())
                .collect(Collectors.joining(","));
        DataDirectory.found(root, held, config.clusterId(), config.self().id(), made.size(), restored);
    }
}
