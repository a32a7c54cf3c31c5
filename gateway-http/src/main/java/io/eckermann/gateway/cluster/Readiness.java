package io.eckermann.gateway.cluster;

import io.eckermann.raftlog.Leadership;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether this node can serve: it is a member that is not to be stopped, a leader is known, it has caught up once since it started, and its clock is right. Safe
 * from any thread.
 */
public final class Readiness {
    private final Supplier<Leadership> leadership;
    private final BooleanSupplier isMember;
    private final Supplier<Optional<String>> cutOff;
    private final Supplier<Optional<String>> clockProblem;
    private volatile boolean draining;
    private final AtomicReference<String> phase = new AtomicReference<>("starting");
    private volatile boolean started;

    /**
     * @param isMember whether Raft counts this node
     * @param cutOff in words, when the node reaches no majority
     */
    public Readiness(
            Supplier<Leadership> leadership,
            BooleanSupplier isMember,
            Supplier<Optional<String>> cutOff,
            Supplier<Optional<String>> clockProblem) {
        this.leadership = leadership;
        this.isMember = isMember;
        this.cutOff = cutOff;
        this.clockProblem = clockProblem;
    }

    /** What the node is doing, other than serving, such as "starting" or "stopping". */
    public void phase(String what) {
        phase.set(what);
    }

    /** The node serves from now on, unless it does something else than this phase by now. */
    public void endPhase(String what) {
        if (phase.compareAndSet(what, "")) {
            started = true;
        }
    }

    /** Whether it has come to serve once, whatever it does now. */
    public boolean hasStarted() {
        return started;
    }

    /** Whether the node is to be stopped, and therefore says that it is not ready. */
    public void draining(boolean whether) {
        draining = whether;
    }

    public boolean isDraining() {
        return draining;
    }

    /** Whether the clock differs too much from the peers'. */
    public boolean isClockOff() {
        return clockProblem.get().isPresent();
    }

    /** Empty when ready; else why not, in words. */
    public Optional<String> notReadyReason() {
        String doing = Objects.requireNonNull(phase.get());
        if (!doing.isEmpty()) {
            return Optional.of(doing);
        }
        if (draining) {
            return Optional.of("draining");
        }
        if (!isMember.getAsBoolean()) {
            return Optional.of("no member of the cluster");
        }
        Leadership now = leadership.get();
        if (now.leader() == null) {
            return Optional.of(cutOff.get().orElse("no leader is known"));
        }
        if (now.role() == Leadership.Role.STARTING || now.role() == Leadership.Role.CLOSED) {
            return Optional.of("catching up");
        }
        return clockProblem.get();
    }
}
