package io.eckermann.gateway.cluster;

import io.eckermann.raftlog.Leadership;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Whether this node can serve: a leader is known, it has caught up once since it started, and its clock is right. Safe
 * from any thread.
 */
public final class Readiness {
    private final Supplier<Leadership> leadership;
    private final Supplier<Optional<String>> clockProblem;
    private final AtomicReference<String> phase = new AtomicReference<>("starting");
    private volatile boolean started;

    public Readiness(Supplier<Leadership> leadership, Supplier<Optional<String>> clockProblem) {
        this.leadership = leadership;
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
        Leadership now = leadership.get();
        if (now.leader() == null) {
            return Optional.of("no leader is known");
        }
        if (now.role() == Leadership.Role.STARTING || now.role() == Leadership.Role.CLOSED) {
            return Optional.of("catching up");
        }
        return clockProblem.get();
    }
}
