package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.PeerCommands;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.raftlog.segment.DamagedLogException;
import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.IndexDamage;
import io.eckermann.statemachine.storage.IndexFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a node that holds something damaged: its Raft log or vote, or one that ends before what it has acknowledged, a
 * segment that its state has taken over, its index, a snapshot. It lets go of what it has only after the others have removed
 * it, by an entry of their log: of several that are damaged at a time no more can go than the rest can do without, however
 * they come to know of it. Raft does not run meanwhile. A node that is not removed begins with what it has, which refuses
 * to start, but for an index, which may do for as long as it can be read.
 */
final class Surrender {
    private static final Logger LOG = LoggerFactory.getLogger(Surrender.class);
    private static final String INDEX = DamagedFileException.INDEX;
    private static final String LOG_OF_RAFT = "log";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);
    private static final long ASK_AGAIN_MS = 500;
    private static final long NOTE_MS_MAX = 1_000;

    private final NodeConfig config;
    private final Clock clock;
    private final BooleanSupplier stopped;
    private String refusal = "nobody answers";

    private Surrender(NodeConfig config, Clock clock, BooleanSupplier stopped) {
        this.config = config;
        this.clock = clock;
        this.stopped = stopped;
    }

    /** What is damaged if that is why something failed, in a word; else empty. */
    static String damageIn(@Nullable Throwable failure) {
        String part = DamagedFileException.partIn(failure);
        if (!part.isEmpty()) {
            return part;
        }
        return DamagedLogException.isCauseOf(failure) ? LOG_OF_RAFT : IndexDamage.isCauseOf(failure) ? INDEX : "";
    }

    /**
     * Opens a node's directory: with what it has, or with nothing when that was damaged and the others let it go.
     *
     * @param met what this process found damaged; an earlier one has left a note, of an index
     */
    static DataDirectory open(NodeConfig config, Clock clock, String met, BooleanSupplier stopped)
            throws StartException, IOException, InterruptedException {
        DataDirectory directory = opened(config);
        try {
            if (!new Surrender(config, clock, stopped).isLetGo(directory, met)) {
                directory.requireAll();
                return directory;
            }
            directory.markLetGo();
        } catch (StartException | IOException | InterruptedException | RuntimeException e) {
            directory.close();
            throw e;
        }
        directory.close();
        return opened(config);
    }

    private static DataDirectory opened(NodeConfig config) throws StartException {
        return DataDirectory.openWithWhatIsLeft(
                config.dataDirectory(), config.clusterId(), config.self().id(), config.shards());
    }

    private boolean isLetGo(DataDirectory directory, String met) throws IOException, InterruptedException {
        if (directory.hasLost()) {
            return mayHelp(config) && asksToGo(directory, LOG_OF_RAFT);
        }
        if (!met.isEmpty()) {
            return asksToGo(directory, met);
        }
        String noted = directory.damaged();
        if (noted.isEmpty()) {
            return false;
        }
        if (isWhole(directory)) {
            LOG.warn("This node's {} was damaged when it was last read, and is whole now: look at its disk", noted);
            directory.markDamaged("");
            return false;
        }
        if (!mayHelp(config)) {
            LOG.error("This node's {} is damaged; it goes on with what it has: see docs/operations.md", noted);
            return false;
        }
        return asksToGo(directory, noted);
    }

    /** Notes durably that the index is damaged, which the next start looks into. Waits no longer than a second. */
    static void note(DataDirectory directory, String what) {
        if (!what.equals(INDEX)) {
            return; // All else is looked at by each start anyway.
        }
        // A disk that is damaged may hang as well.
        Thread noting = new Thread(() -> noteIndex(directory), "damage");
        noting.setDaemon(true);
        noting.start();
        try {
            noting.join(NOTE_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void noteIndex(DataDirectory directory) {
        try {
            directory.markDamaged(INDEX);
        } catch (IOException | RuntimeException e) {
            LOG.error("This node's index is damaged, and that could not be noted", e);
        }
    }

    private boolean asksToGo(DataDirectory directory, String what) throws IOException, InterruptedException {
        LOG.warn("This node's {} is damaged: it asks the others to remove it", what);
        boolean removed = isRemoved(directory);
        if (!removed) {
            LOG.error(
                    "This node's {} is damaged, and the others did not remove it ({}); {}",
                    what,
                    refusal,
                    what.equals(INDEX) ? "it goes on with what it has" : "it does not take part with what it has");
        }
        return removed;
    }

    /** Whether the node may ask to be removed, and there are others to ask. */
    static boolean mayHelp(NodeConfig config) {
        return config.joinsByItself() && !config.others().isEmpty();
    }

    /** Rows that were found damaged may be in a snapshot alone. */
    private boolean isWhole(DataDirectory directory) throws IOException {
        try {
            for (int shard = 0; shard < config.shards(); shard++) {
                Path state = directory.state(shard);
                IndexFile.verifyAll(state.resolve("db"));
                Path snapshots = state.resolve("snapshots");
                for (Path each : Files.isDirectory(snapshots) ? DurableFiles.list(snapshots) : List.<Path>of()) {
                    IndexFile.verifyAll(each);
                }
            }
            return true;
        } catch (IOException e) {
            if (!IndexDamage.isCauseOf(e)) {
                throw e; // A disk that can't be read is another matter.
            }
            LOG.error("{}", e.getMessage());
            return false;
        }
    }

    private boolean isRemoved(DataDirectory directory) throws IOException, InterruptedException {
        Parts parts = new Parts();
        try {
            NodeThreads threads = parts.add("threads", new NodeThreads(directory.memberId()));
            Neighbours others = parts.add(
                    "connections to peers",
                    new Neighbours(
                            config,
                            directory,
                            threads.peers(),
                            clock,
                            Certificates.open(config, threads, parts),
                            new CompletableFuture<>()));
            long beganNs = System.nanoTime();
            while (!stopped.getAsBoolean() && System.nanoTime() - beganNs < PATIENCE.toNanos()) {
                for (Peer other : others.members().others()) {
                    if (isRemoved(new PeerCommands(others.status(), other.id()), directory.memberId())) {
                        return true;
                    }
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
            }
            return false;
        } finally {
            parts.stop();
        }
    }

    /** The one that leads removes it, or knows that it was removed before. */
    private boolean isRemoved(PeerCommands other, String self) throws InterruptedException {
        try {
            other.change(ChangeMembersRequest.newBuilder().setRemove(self).build(), ASK_TIMEOUT)
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                boolean leads = known.code() != ErrorCode.NOT_LEADER && known.code() != ErrorCode.LEADER_CHANGED;
                refusal = leads ? known.getMessage() : refusal;
                return known.code() == ErrorCode.NODE_NOT_FOUND;
            }
            LOG.debug("Not removed: {}", e.toString());
            return false;
        }
    }
}
