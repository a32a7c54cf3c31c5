package io.eckermann.gateway.peers;

import io.eckermann.gateway.WriteRoute;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Outcome;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Submits here when this node leads, hands on to the leader otherwise, and tries again while time is left and it is
 * certain that nothing was done, or that a second time does nothing more: an append with a producer's sequence whose
 * leader was lost. What was handed on once is not handed on by the node that got it. Safe from any thread.
 */
public final class LeaderRoute implements WriteRoute {
    /** Nothing was done, and another node, or this one a little later, may do it. */
    private static final Set<ErrorCode> ELSEWHERE_OR_LATER =
            EnumSet.of(ErrorCode.NOT_LEADER, ErrorCode.NO_LEADER, ErrorCode.NOT_READY);

    private static final long PAUSE_MS = 20;
    private static final long PAUSE_MS_MAX = 200;

    private final String self;
    private final CommandLog log;
    private final WriteGate gate;
    private final Forwarding forwarding;
    private final ScheduledExecutorService timer;

    public LeaderRoute(
            String self, CommandLog log, WriteGate gate, Forwarding forwarding, ScheduledExecutorService timer) {
        this.self = self;
        this.log = log;
        this.gate = gate;
        this.forwarding = forwarding;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<Result> submit(Operation operation, Duration timeout) {
        Attempt attempt = new Attempt(operation);
        try {
            Future<?> alarm = timer.schedule(attempt::timeUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
            attempt.run();
            return attempt.result.whenComplete((result, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(stopping());
        }
    }

    /** How many writes were handed on to other nodes. */
    public long handedOn() {
        return forwarding.handedOn();
    }

    /** Submits to this node's own leader role, or fails with NOT_LEADER. */
    CompletableFuture<Result> submitHere(Operation operation) {
        StoreException refusal = log.leadership().role() == Leadership.Role.LEADER ? gate.refusal() : null;
        return refusal == null ? log.submit(operation) : CompletableFuture.failedFuture(refusal);
    }

    /** Whether it has the same effect however often it is submitted: its producer's sequence is taken once. */
    private static boolean isDoneOnce(Operation operation) {
        return operation instanceof Operation.Append append && append.producer() != null;
    }

    private static StoreException stopping() {
        return new StoreException(ErrorCode.NOT_READY, "The node is stopping; ask another one.");
    }

    /** One write until its outcome is known or its time is up. */
    private final class Attempt {
        private final Operation operation;
        private final CompletableFuture<Result> result = new CompletableFuture<>();
        private volatile long pauseMs = PAUSE_MS;

        /** Under the lock of this object, from here on, so that nothing is submitted once the time was up. */
        private SubmitStream.@Nullable Handed handed;

        private boolean inDoubt;
        private boolean late;
        /** Why an earlier try's outcome is unknown; a refusal of a later one does not settle that. */
        private @Nullable StoreException leftOpen;

        Attempt(Operation operation) {
            this.operation = operation;
        }

        void run() {
            if (result.isDone()) {
                return;
            }
            try {
                CompletableFuture<Result> tried = start(log.leadership());
                if (tried == null) {
                    later();
                } else {
                    var unused = tried.whenComplete(this::settled);
                }
            } catch (RuntimeException e) {
                fail(Problems.unwrap(e));
            }
        }

        /** Null when there is nobody to submit to now. */
        private @Nullable CompletableFuture<Result> start(Leadership leadership) {
            String leader = leadership.leader();
            boolean here = leadership.role() == Leadership.Role.LEADER;
            boolean elsewhere = leader != null && !leader.equals(self) && forwarding.reaches(leader);
            if (!(here || elsewhere) || !begin()) {
                return null;
            }
            if (here) {
                return submitHere(operation);
            }
            SubmitStream.Handed on = forwarding.submit(Objects.requireNonNull(leader), operation);
            handedOn(on);
            return on.result();
        }

        private synchronized boolean begin() {
            inDoubt = !late;
            return inDoubt;
        }

        private synchronized void handedOn(SubmitStream.Handed on) {
            handed = on;
            inDoubt = false;
        }

        private void settled(@Nullable Result done, @Nullable Throwable failure) {
            if (done != null) {
                result.complete(done);
                return;
            }
            StoreException known = Problems.unwrap(Objects.requireNonNull(failure));
            boolean open = known.code() == ErrorCode.LEADER_CHANGED && isDoneOnce(operation);
            if (!open && !ELSEWHERE_OR_LATER.contains(known.code())) {
                fail(known);
                return;
            }
            synchronized (this) {
                inDoubt = false;
                handed = null;
                leftOpen = open ? known : leftOpen;
            }
            later();
        }

        private void fail(StoreException known) {
            StoreException earlier;
            synchronized (this) {
                earlier = leftOpen;
            }
            boolean stillOpen = earlier != null && known.code().outcome() == Outcome.NOT_DONE;
            result.completeExceptionally(stillOpen ? earlier : known);
        }

        private void later() {
            long pause = pauseMs;
            pauseMs = Math.min(2 * pause, PAUSE_MS_MAX);
            try {
                var unused = timer.schedule(this::run, pause, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                fail(stopping());
            }
        }

        void timeUp() {
            boolean mayHappen;
            synchronized (this) {
                late = true;
                mayHappen = leftOpen != null || inDoubt || (handed != null && !handed.withdraw());
            }
            if (mayHappen) {
                result.completeExceptionally(new StoreException(
                        ErrorCode.COMMIT_TIMED_OUT,
                        "The write was not confirmed in time and may still happen; retry it with the same producer"
                                + " sequence."));
            } else {
                result.completeExceptionally(new StoreException(
                        ErrorCode.NO_LEADER, "No leader took the write in time: a majority of nodes must be up."));
            }
        }
    }
}
