package io.eckermann.gateway.topics;

import io.eckermann.raftlog.Leadership;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Something that only the leader does, in the background and not twice at the same time. Safe from any thread. */
final class LeaderTurn {
    private final Supplier<Leadership> leadership;
    private final AtomicBoolean underWay = new AtomicBoolean();

    LeaderTurn(Supplier<Leadership> leadership) {
        this.leadership = leadership;
    }

    /** Whether it may begin now; then {@link #end} has to follow. */
    boolean begin() {
        return leads() && underWay.compareAndSet(false, true);
    }

    void end() {
        underWay.set(false);
    }

    /** Whether this node leads, and knows all that was done before. */
    boolean leads() {
        Leadership now = leadership.get();
        return now.role() == Leadership.Role.LEADER && now.leaderReady();
    }
}
