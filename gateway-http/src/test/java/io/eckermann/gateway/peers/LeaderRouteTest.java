package io.eckermann.gateway.peers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The route of a write on one node, over a log that does as it is told. */
final class LeaderRouteTest {
    private static final Operation WRITE = new Operation.DeleteTopic(1);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final PeerChannels channels = new PeerChannels(List.of(), Runnable::run, null);
    private final ScriptedLog log = new ScriptedLog();
    private @Nullable StoreException refusal;
    private final LeaderRoute route = new LeaderRoute("n1", log, () -> refusal, new Forwarding(channels), timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
        channels.close();
    }

    @Test
    void leaderSubmitsHere() throws Exception {
        assertThat(route.submit(WRITE, LONG).get(30, TimeUnit.SECONDS)).isEqualTo(new Result.Done());
        assertThat(log.submitted).hasValue(1);
    }

    @Test
    void whatWasCertainlyNotDoneIsTriedAgain() throws Exception {
        log.failures = List.of(ErrorCode.NOT_LEADER, ErrorCode.NO_LEADER, ErrorCode.NOT_READY);

        assertThat(route.submit(WRITE, LONG).get(30, TimeUnit.SECONDS)).isEqualTo(new Result.Done());
        assertThat(log.submitted).hasValue(4);
    }

    @Test
    void unknownOutcomeIsNeverTriedAgain() throws Exception {
        log.failures = List.of(ErrorCode.LEADER_CHANGED);

        assertThat(code(route.submit(WRITE, LONG))).isEqualTo(ErrorCode.LEADER_CHANGED);
        assertThat(log.submitted).hasValue(1);
    }

    @Test
    void anAppendOfAProducerIsTriedAgainWhenItsLeaderWasLost() throws Exception {
        log.failures = List.of(ErrorCode.LEADER_CHANGED, ErrorCode.NO_LEADER);

        assertThat(route.submit(append(new Operation.ProducerSequence("p", 1)), LONG)
                        .get(30, TimeUnit.SECONDS))
                .isEqualTo(new Result.Done());
        assertThat(log.submitted).hasValue(3);
    }

    @Test
    void anAppendWithoutASequenceIsNotTriedAgainWhenItsLeaderWasLost() throws Exception {
        log.failures = List.of(ErrorCode.LEADER_CHANGED);

        assertThat(code(route.submit(append(null), LONG))).isEqualTo(ErrorCode.LEADER_CHANGED);
        assertThat(log.submitted).hasValue(1);
    }

    @Test
    void whatWasLeftOpenIsNotCalledUndoneBecauseItsRepetitionWasRefused() throws Exception {
        log.failures = List.of(ErrorCode.LEADER_CHANGED, ErrorCode.DISK_FULL);

        assertThat(code(route.submit(append(new Operation.ProducerSequence("p", 1)), LONG)))
                .isEqualTo(ErrorCode.LEADER_CHANGED);
    }

    @Test
    void whatWasLeftOpenIsOfUnknownOutcomeWhenNoLeaderComesInTime() throws Exception {
        List<ErrorCode> failures = new ArrayList<>(Collections.nCopies(1_000, ErrorCode.NO_LEADER));
        failures.set(0, ErrorCode.LEADER_CHANGED);
        log.failures = failures;

        assertThat(code(route.submit(append(new Operation.ProducerSequence("p", 1)), SHORT)))
                .isEqualTo(ErrorCode.COMMIT_TIMED_OUT);
    }

    private static Operation append(Operation.@Nullable ProducerSequence producer) {
        return new Operation.Append(1, 1, Encoding.PLAIN, 0, ByteString.EMPTY, producer);
    }

    @Test
    void withoutALeaderNothingIsDoneInTime() throws Exception {
        log.role = Leadership.Role.CANDIDATE;

        assertThat(code(route.submit(WRITE, SHORT))).isEqualTo(ErrorCode.NO_LEADER);
        assertThat(log.submitted).hasValue(0);
    }

    @Test
    void proposedButSilentIsOfUnknownOutcome() throws Exception {
        log.silent = true;

        assertThat(code(route.submit(WRITE, SHORT))).isEqualTo(ErrorCode.COMMIT_TIMED_OUT);
    }

    @Test
    void nothingIsSubmittedOnceTheTimeWasUp() throws Exception {
        // The alarm rings when this write has been looked at, but not been submitted yet.
        log.beforeLeadership = () -> await(timer.submit(() -> {}));

        assertThat(code(route.submit(WRITE, Duration.ZERO))).isEqualTo(ErrorCode.NO_LEADER);
        assertThat(log.submitted).as("it was said not to be done").hasValue(0);
    }

    private static void await(Future<?> task) {
        try {
            task.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void leaderWithAWrongClockProposesNothing() throws Exception {
        refusal = new StoreException(ErrorCode.CLOCK_OFF, "The clock is wrong.");

        assertThat(code(route.submit(WRITE, LONG))).isEqualTo(ErrorCode.CLOCK_OFF);
        assertThat(code(route.submitHere(WRITE))).isEqualTo(ErrorCode.CLOCK_OFF);
        assertThat(log.submitted).hasValue(0);
    }

    @Test
    void whatWasHandedOnIsNotHandedOnAgain() throws Exception {
        log.role = Leadership.Role.FOLLOWER;
        log.failures = List.of(ErrorCode.NOT_LEADER);

        assertThat(code(route.submitHere(WRITE))).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(log.submitted).hasValue(1);
    }

    private static ErrorCode code(CompletableFuture<Result> failed) throws Exception {
        try {
            throw new AssertionError("it did not fail but gave " + failed.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException | CompletionException e) {
            return ((StoreException) requireNonNull(e.getCause())).code();
        }
    }

    /** Fails as told, then accepts. */
    private static final class ScriptedLog implements CommandLog {
        private final AtomicInteger submitted = new AtomicInteger();
        private volatile List<ErrorCode> failures = List.of();
        private volatile Leadership.Role role = Leadership.Role.LEADER;
        private volatile boolean silent;
        private volatile Runnable beforeLeadership = () -> {};

        @Override
        public CompletableFuture<Result> submit(Operation operation) {
            int turn = submitted.getAndIncrement();
            if (silent) {
                return new CompletableFuture<>();
            }
            return turn < failures.size()
                    ? CompletableFuture.failedFuture(new StoreException(failures.get(turn), "As told."))
                    : CompletableFuture.completedFuture(new Result.Done());
        }

        @Override
        public Leadership leadership() {
            beforeLeadership.run();
            return new Leadership(role, 1, null, true, 0, 0, -1);
        }

        @Override
        public CompletableFuture<Void> linearizable() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
