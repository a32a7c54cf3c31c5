package io.eckermann.gateway.grpc;

import io.eckermann.gateway.peers.PinnedSnapshot;
import io.eckermann.gateway.peers.SnapshotSender;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** {@code eckermann.v1.Backups}: copies of this node's state. Each call occupies one thread of the executor. */
public final class BackupsService extends BackupsGrpc.BackupsImplBase {
    /** The one there is. */
    private static final int SHARD = 0;

    private final Source source;
    private final SnapshotSender.Verification verification;
    private final Path pins;
    private final Executor executor;
    private final Clock clock;
    private final AtomicLong lastPin = new AtomicLong();

    /**
     * Whose copies these are, and where they come from.
     *
     * @param shards how many the cluster has; of several there are no copies
     */
    public record Source(String clusterId, String nodeId, String version, int shards, Fresh fresh, PinnedSnapshot.Latest latest) {}

    /** Makes a snapshot of everything that was acknowledged before. */
    @FunctionalInterface
    public interface Fresh {
        /** Blocks; fails with a StoreException. */
        void make();
    }

    /**
     * Prepares the service.
     *
     * @param verification of each file before it is sent
     * @param pins a directory on the snapshots' filesystem, its content worthless after a restart
     */
    public BackupsService(
            Source source, SnapshotSender.Verification verification, Path pins, Executor executor, Clock clock) {
        this.source = source;
        this.verification = verification;
        this.pins = pins;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public StreamObserver<CopyRequest> copy(StreamObserver<CopyPart> observer) {
        return new CopyCall(this, (ServerCallStreamObserver<CopyPart>) observer);
    }

    Source source() {
        return source;
    }

    SnapshotSender.Verification verification() {
        return verification;
    }

    long nowNs() {
        return clock.millis() * 1_000_000;
    }

    /** Everything acknowledged so far. */
    PinnedSnapshot pin(int shard) throws IOException {
        if (source.shards() > 1) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST, "A cluster of several shards can't be backed up by copies yet.")
                    .with("shards", source.shards());
        }
        if (shard != SHARD) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "There is no such shard.").with("shard", shard);
        }
        source.fresh().make();
        PinnedSnapshot pinned =
                PinnedSnapshot.of(source.latest(), pins.resolve("backup-" + lastPin.incrementAndGet()));
        if (pinned == null) {
            throw new StoreException(ErrorCode.NOT_READY, "There is nothing to copy yet: try again later.");
        }
        return pinned;
    }

    void run(Runnable sending) {
        try {
            executor.execute(sending);
        } catch (RejectedExecutionException e) {
            throw new StoreException(
                    ErrorCode.OVERLOADED, "The node sends as many copies as it may at a time: try again later.", e);
        }
    }
}
