package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.SnapshotFetch;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches snapshots when the leader's log does not reach back far enough, one at a time. Safe from any thread. */
final class SnapshotIntake {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotIntake.class);
    private static final long WAIT_NS = 60_000_000_000L;
    /** When a leader whose snapshot did not come is asked again. */
    private static final long AGAIN_NS = 500_000_000L;

    private static final long LOOK_NS = 10_000_000L;

    private final StateMachine state;
    private final SnapshotFetch fetch;
    private final Executor downloads;
    private final Supplier<@Nullable String> leader;
    /** When a snapshot was accepted that Ratis has not asked to put in place yet. */
    private volatile OptionalLong acceptedNs = OptionalLong.empty();

    private volatile boolean stopping;

    /**
     * @param downloads may block
     * @param leader the leader as of now, null while there is none
     */
    SnapshotIntake(StateMachine state, SnapshotFetch fetch, Executor downloads, Supplier<@Nullable String> leader) {
        this.state = state;
        this.fetch = fetch;
        this.downloads = downloads;
        this.leader = leader;
    }

    /** Completes with where the snapshot reaches to, once it is accepted. */
    CompletableFuture<TermIndex> fetch(String from, long least) {
        return CompletableFuture.supplyAsync(() -> download(from, least), downloads);
    }

    private TermIndex download(String from, long least) {
        try {
            if (acceptedNs.isPresent()) {
                // Ratis may want the next one before its updater has put this one in place.
                throw new IOException("the last snapshot is not in place yet");
            }
            LOG.info("Fetching a snapshot from {}, up to entry {} at least", from, least);
            Path into = state.incoming();
            RaftIndex fetched =
                    fetch.fetch(from, least, state.kept().end(), into, () -> !stopping && !isLedByAnother(from));
            if (fetched.index() < least) {
                throw new IOException("the snapshot of " + from + " ends at " + fetched.index() + ", before " + least);
            }
            if (isLedByAnother(from)) {
                // Ratis reloads only when the leader asks once more, and this one may have no reason to.
                throw new IOException("meanwhile another leads: it will ask if a snapshot is still needed");
            }
            // When Ratis knows of the snapshot it deletes the log up to there, and reloads the state only later.
            RaftIndex at = state.accept(into);
            acceptedNs = OptionalLong.of(System.nanoTime());
            return TermIndex.valueOf(at.term(), at.index());
        } catch (IOException | RuntimeException e) {
            // Ratis asks again with the leader's next message, which comes at once.
            LOG.warn("Could not fetch a snapshot from {}: {}", from, e.toString());
            rest(from);
            throw new CompletionException(e);
        }
    }

    /**
     * As long as a snapshot is fetched Ratis takes no entries, of whatever leader: what the one before was to send must not keep
     * a new one from a majority, least of all when that one can't be reached any more.
     */
    private boolean isLedByAnother(String from) {
        String now = leader.get();
        return now != null && !now.equals(from);
    }

    private void rest(String from) {
        long endNs = System.nanoTime() + AGAIN_NS;
        while (System.nanoTime() - endNs < 0 && !stopping && !isLedByAnother(from)) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** What is being fetched is given up: a node that stops need not wait for it. */
    void stop() {
        stopping = true;
    }

    /** The accepted snapshot is in place. */
    void placed() {
        acceptedNs = OptionalLong.empty();
    }

    /**
     * Whether an accepted snapshot has waited for long. Ratis forgets about it when leadership changes just then, and
     * takes no entries until a restart.
     */
    boolean isStuck(long nowNs) {
        OptionalLong since = acceptedNs;
        return since.isPresent() && nowNs - since.getAsLong() > WAIT_NS;
    }
}
