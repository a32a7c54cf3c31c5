package io.eckermann.gateway.grpc;

import io.eckermann.gateway.consume.CommitOutcome;
import io.eckermann.gateway.consume.ConsumeStart;
import io.eckermann.gateway.consume.Consumption;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.RecordedEvent;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How one service says what a {@link ConsumeCall} does. Of one call; used by one thread at a time.
 *
 * @param <Q> what callers send
 * @param <R> what they are sent
 */
interface ConsumeDialect<Q, R> {
    /** The first request as a start. Throws a StoreException when it makes no sense. */
    ConsumeStart start(Q first);

    /** Commits what a later request returns; fails with a StoreException when it makes no sense. */
    CompletableFuture<CommitOutcome> commit(Q returned, RecordedEvent sent, Consumption consumption);

    /** The event; empty when this service passes over it. */
    Optional<R> event(RecordedEvent event);

    Optional<R> outcome(CommitOutcome outcome);

    Optional<R> caughtUp(CaughtUp caughtUp);

    Optional<R> heartbeat(Heartbeat heartbeat);

    /** How a call ends in which nothing more will come: null without an error. */
    @Nullable
    StatusRuntimeException atEnd();

    StatusRuntimeException failure(StoreException failure);
}
