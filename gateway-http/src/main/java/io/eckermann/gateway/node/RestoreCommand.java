package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.DurableFile;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Makes a node's data directory out of a backup's files, which {@code eckermann restore} has fetched and checked. What it
 * needs lies in one directory: for each shard, by its number, {@code base} with a snapshot's files, or none, and {@code log}
 * with files of the Raft log that go on from there; and {@code source}, which names the cluster that was backed up.
 */
@Command(
        name = "restore",
        description = "Makes the node's data out of files that eckermann restore has fetched; then start it.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private final Main.Source source = new Main.Source();

    @Option(
            names = "--from",
            paramLabel = "<directory>",
            required = true,
            description = "Where the files are: on the filesystem of the data directory. They are taken away.")
    private @Nullable Path from;

    @Option(names = "--to-index", paramLabel = "<index>", description = "Nothing behind this entry of the Raft log.")
    private long toIndex = Long.MAX_VALUE;

    @Option(
            names = "--to-time-ns",
            paramLabel = "<time>",
            description = "Nothing from the first command on that is later than this, in nanoseconds since the epoch.")
    private long toTimeNs = Long.MAX_VALUE;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main parent;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        NodeConfig config = source.load(parent.environment());
        Path files = Objects.requireNonNull(from, "picocli requires it");
        check(files, DurableFile.read(files.resolve("source")), config);
        List<NewBeginning.Outcome> made =
                FoundedDirectory.ofBackup(config.dataDirectory(), files, new Bound(toIndex, toTimeNs), config);
        for (int shard = 0; shard < made.size(); shard++) {
            NewBeginning.Outcome outcome = made.get(shard);
            spec.commandLine()
                    .getOut()
                    .println("restored " + (made.size() == 1 ? "" : "shard " + shard + " ") + "up to entry "
                            + outcome.raftIndex() + ", state " + outcome.digest());
        }
        return 0;
    }

    private void check(Path files, Map<String, String> about, NodeConfig config) throws StartException {
        String backedUp = about.getOrDefault("cluster-id", "");
        if (backedUp.isEmpty() || backedUp.equals(config.clusterId())) {
            throw new StartException(
                    "A restored cluster is another one than " + backedUp + ", which may still run somewhere: give"
                            + " cluster.id a new value on all nodes.",
                    null);
        }
        String shards = about.getOrDefault("shards", "");
        if (!shards.equals(Integer.toString(config.shards()))) {
            throw new StartException(
                    "The backup has " + shards + " shards and the new cluster " + config.shards()
                            + ": topics stay in their shards, so give shards the backup's number on all nodes.",
                    null);
        }
        if (config.shards() > 1 && toIndex != Long.MAX_VALUE) {
            throw new StartException(
                    "Each of several shards numbers its entries by itself: say a time in place of an entry.", null);
        }
        // A run that was broken off has taken some of the files away.
        boolean hasBase = Boolean.parseBoolean(about.get("base"));
        for (int shard = 0; shard < config.shards(); shard++) {
            Path snapshot = FoundedDirectory.base(files, shard).resolve("SNAPSHOT");
            if (Files.exists(snapshot) != hasBase) {
                throw new StartException("The files in " + files + " are not whole: fetch them once more.", null);
            }
        }
    }
}
