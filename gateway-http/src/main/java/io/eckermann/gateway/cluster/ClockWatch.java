package io.eckermann.gateway.cluster;

import io.eckermann.gateway.peers.WriteGate;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges this node's clock: against its peers' clocks, and against the times that were recorded. A leader whose clock is
 * wrong would record wrong times for ever, so it must not propose. Safe from any thread.
 */
public final class ClockWatch implements WriteGate {
    private final Duration maxOffset;
    private final Clock clock;
    private final ClockJumps jumps;
    private final Supplier<List<Long>> peerOffsetsNs;
    private final Supplier<Leadership> leadership;
    private final ReadView view;

    /** Under the lock of this object. */
    private long newestRecordedNs;

    private long checkedTerm = -1;

    /**
     * Watches nothing until asked.
     *
     * @param peerOffsetsNs how far the reachable peers' clocks are ahead of this node's
     */
    public ClockWatch(
            Duration maxOffset,
            Clock clock,
            ClockJumps jumps,
            Supplier<List<Long>> peerOffsetsNs,
            Supplier<Leadership> leadership,
            ReadView view) {
        this.maxOffset = maxOffset;
        this.clock = clock;
        this.jumps = jumps;
        this.peerOffsetsNs = peerOffsetsNs;
        this.leadership = leadership;
        this.view = view;
    }

    /** Empty when the clock agrees with the peers'; else in words. Says nothing while no peer answers. */
    public Optional<String> problem() {
        long offsetNs = offsetNs();
        return Math.abs(offsetNs) <= maxOffset.toNanos()
                ? Optional.empty()
                : Optional.of("this node's clock is " + Math.abs(offsetNs) / 1_000_000 + " ms "
                        + (offsetNs > 0 ? "behind" : "ahead of") + " its peers'; correct it");
    }

    /**
     * The time for an entry. It is judged after it was read: since the gate looked the clock may have jumped, and one entry
     * with a wrong time keeps every later leader from writing until that time has come.
     *
     * @throws StoreException CLOCK_OFF, and the entry must not be proposed
     */
    public long timeNs() {
        long now = Nanos.of(clock);
        StoreException wrong = wrongClock();
        if (wrong != null) {
            throw wrong;
        }
        return now;
    }

    private @Nullable StoreException wrongClock() {
        if (jumps.lately()) {
            return clockOff("The leader's clock has just jumped; it is being compared with its peers'.");
        }
        long offsetNs = offsetNs();
        return Math.abs(offsetNs) <= maxOffset.toNanos()
                ? null
                : clockOff("The leader's clock differs too much from its peers'; correct it.")
                        .with("peers_ahead_ms", offsetNs / 1_000_000);
    }

    @Override
    public @Nullable StoreException refusal() {
        StoreException wrong = wrongClock();
        if (wrong != null) {
            return wrong;
        }
        Leadership now = leadership.get();
        if (!now.leaderReady()) {
            return new StoreException(
                    ErrorCode.NO_LEADER, "The new leader is still taking in what its predecessors recorded.");
        }
        long behindNs = behindNs(now.term());
        if (behindNs > maxOffset.toNanos()) {
            return clockOff("The leader's clock is behind the times already recorded; correct it.")
                    .with("behind_ms", behindNs / 1_000_000);
        }
        return null;
    }

    private StoreException clockOff(String message) {
        return new StoreException(ErrorCode.CLOCK_OFF, message).with("max_offset_ms", maxOffset.toMillis());
    }

    /** How far this clock is behind what was recorded before this node's term as leader, or by itself in it. */
    private synchronized long behindNs(long term) {
        long now = Nanos.of(clock);
        if (term != checkedTerm) {
            for (TopicState topic : view.topics("")) {
                newestRecordedNs = Math.max(newestRecordedNs, Math.max(topic.lastRecordedNs(), topic.createdNs()));
            }
            checkedTerm = term;
        }
        long behind = newestRecordedNs - now;
        newestRecordedNs = Math.max(newestRecordedNs, now);
        return behind;
    }

    /**
     * How far the others are ahead: the median over all clocks, this one's too, so that one wrong peer changes nothing.
     * Of two middle ones the nearer counts; with a single peer, its own, since one of the two must be wrong.
     */
    private long offsetNs() {
        List<Long> peers = peerOffsetsNs.get();
        if (peers.size() <= 1) {
            return peers.isEmpty() ? 0 : peers.get(0);
        }
        List<Long> all = new ArrayList<>(peers);
        all.add(0L);
        all.sort(null);
        long lower = all.get((all.size() - 1) / 2);
        long upper = all.get(all.size() / 2);
        return Math.abs(lower) <= Math.abs(upper) ? lower : upper;
    }
}
