package io.eckermann.gateway.cluster;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.statemachine.StateMoment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node's state of one shard came to at the entries that ask for it. Worked out slowly, on a thread of its own, of one
 * entry at a time; of those that come meanwhile the newest is next, and of the others this node has nothing to say. Safe from any
 * thread.
 */
public final class StateDigests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateDigests.class);
    /** So that nodes that are fast and such that are slow find an entry of which both know. */
    private static final int KEPT = 3;

    private static final Duration ONLY_WHEN_ASKED = Duration.ofDays(365);

    private final int shard;
    private final Rounds rounds;
    private volatile List<StateDigestView> told = List.of();
    private volatile long markedNs = System.nanoTime();

    // Guarded by this.
    private @Nullable StateMoment waiting;
    private boolean closed;

    /**
     * Takes moments, and does nothing about them until {@link #open}.
     *
     * @param name of the node's part in the shard
     * @param bytesPerSecond how much of the state is read
     */
    public StateDigests(String name, int shard, long bytesPerSecond) {
        this.shard = shard;
        this.rounds = new Rounds("digest-" + name, ONLY_WHEN_ASKED, bytesPerSecond, this::round);
    }

    public void open() {
        rounds.open();
    }

    /** Works out later what the state comes to at that moment, and closes that; never blocks. */
    public void take(StateMoment moment) {
        markedNs = System.nanoTime();
        StateMoment leftOut = put(moment);
        if (leftOut != null) {
            leftOut.close();
        }
        rounds.start();
    }

    /** Returns the one that will not be looked at. */
    private synchronized @Nullable StateMoment put(StateMoment moment) {
        StateMoment leftOut = closed ? moment : waiting;
        waiting = closed ? null : moment;
        return leftOut;
    }

    private synchronized @Nullable StateMoment next() {
        StateMoment next = waiting;
        waiting = null;
        return next;
    }

    private void round() {
        StateMoment moment = next();
        if (moment == null) {
            return;
        }
        try (moment) {
            String digest = digest(moment);
            if (digest != null) {
                tell(moment.at().index(), digest);
            }
        }
    }

    /** Null when there is nothing to say; empty when a disk has spoilt the state. */
    private @Nullable String digest(StateMoment moment) {
        try {
            return moment.digest(rounds::goOn);
        } catch (RuntimeException e) {
            LOG.error("This node's state can't be read as a whole", e);
            return e instanceof StoreException known && known.code() == ErrorCode.DATA_CORRUPT ? "" : null;
        }
    }

    private void tell(long raftIndex, String digest) {
        List<StateDigestView> all = new ArrayList<>(told);
        all.add(StateDigestView.newBuilder()
                .setShard(shard)
                .setRaftIndex(raftIndex)
                .setSha256(digest)
                .build());
        told = List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }

    /** The last ones since the node started, the oldest first, without verdicts. */
    public List<StateDigestView> told() {
        return told;
    }

    /** How long ago an entry asked for it, or this was made. */
    public Duration sinceMarked() {
        return Duration.ofNanos(System.nanoTime() - markedNs);
    }

    /** Ends the thread; lets go of what was taken. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        rounds.close();
        StateMoment left = next();
        if (left != null) {
            left.close();
        }
    }
}
