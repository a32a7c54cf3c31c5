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
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** {@code eckermann.v1.Backups}: copies of this node's state. Each call occupies one thread of the executor. */
public final class BackupsService extends BackupsGrpc.BackupsImplBase {
    private final Source source;
    private final Executor executor;
    private final Clock clock;
    private final AtomicLong lastPin = new AtomicLong();

    /**
     * Whose copies these are.
     *
     * @param shards where those of each come from, by their numbers
     */
    public record Source(String clusterId, String nodeId, String version, List<ShardSource> shards) {
        public Source {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Where copies of a shard come from.
     *
     * @param fresh makes a snapshot of everything that was acknowledged before; blocks, and fails with a StoreException
     * @param latest the newest snapshot
     * @param verification of each of its files before it is sent
     * @param pins a directory on the snapshots' filesystem, its content worthless after a restart
     */
    public record ShardSource(
            Runnable fresh, PinnedSnapshot.Latest latest, SnapshotSender.Verification verification, Path pins) {}

    /** Prepares the service. */
    public BackupsService(Source source, Executor executor, Clock clock) {
        this.source = source;
        this.executor = executor;
        this.clock = clock;
    }

    @Override
    public StreamObserver<CopyRequest> copy(StreamObserver<CopyPart> observer) {
        return new CopyCall(this, (ServerCallStreamObserver<CopyPart>) observer);
    }

    /** Everything acknowledged so far. */
    PinnedCopy pin() throws IOException {
        return PinnedCopy.of(source, "backup-" + lastPin.incrementAndGet(), clock);
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
