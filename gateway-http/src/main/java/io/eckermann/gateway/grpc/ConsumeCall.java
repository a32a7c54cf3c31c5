package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.consume.CommitOutcome;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.consume.Consumed;
import io.eckermann.gateway.consume.Consumption;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.RecordedEvent;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One consumer instance's call. It is always at one step: waiting for the first request, for an event, for the caller to
 * return it, or for the commit; a request is asked for only where one is due, so what comes early waits on its side.
 * Steps follow each other, so only what ends the call from outside needs the lock.
 */
final class ConsumeCall<Q, R> implements StreamObserver<Q>, LogService.OpenStream {
    private final ConsumeHandler consumers;
    private final ConsumeDialect<Q, R> dialect;
    private final ServerCallStreamObserver<R> call;
    private final Consumer<LogService.OpenStream> whenOver;
    private final Duration timeout = Calls.stepTimeout();

    // Guarded by this.
    private @Nullable Consumption consumption;
    /** What the caller is to return. */
    private @Nullable RecordedEvent sent;
    /** The caller's message is being dealt with: half-closing waits for that. */
    private boolean working;

    private boolean halfClosed;
    private boolean stopped;
    private boolean over;

    ConsumeCall(
            ConsumeHandler consumers,
            ConsumeDialect<Q, R> dialect,
            ServerCallStreamObserver<R> call,
            Consumer<LogService.OpenStream> whenOver) {
        this.consumers = consumers;
        this.dialect = dialect;
        this.call = call;
        this.whenOver = whenOver;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::cancel);
    }

    void start() {
        call.request(1);
    }

    @Override
    public void onNext(Q request) {
        Consumption open;
        RecordedEvent returned;
        synchronized (this) {
            if (over) {
                return;
            }
            working = true;
            open = consumption;
            returned = sent;
            sent = null;
        }
        if (open == null || returned == null) {
            open(request);
        } else {
            CompletableFuture<CommitOutcome> committed =
                    Failures.guarded(() -> dialect.commit(request, returned, open));
            Failures.whenDone(committed, outcome -> told(open, outcome), this::fail);
        }
    }

    private void open(Q first) {
        CompletableFuture<Consumption> opening = Failures.guarded(() -> consumers.open(dialect.start(first), timeout));
        Failures.whenDone(opening, this::opened, this::fail);
    }

    private void opened(Consumption opened) {
        boolean tooLate;
        synchronized (this) {
            consumption = opened;
            tooLate = over;
        }
        if (tooLate) {
            opened.close();
        } else {
            worked(opened);
        }
    }

    private void told(Consumption open, CommitOutcome outcome) {
        send(dialect.outcome(outcome));
        worked(open);
    }

    /** The caller's message is dealt with: now the next event, unless this is to end. */
    private void worked(Consumption open) {
        boolean ends;
        synchronized (this) {
            working = false;
            ends = halfClosed || stopped;
        }
        if (ends) {
            end(ending());
        } else {
            pull(open);
        }
    }

    /** Asks for what comes next until the caller has something to return. */
    private void pull(Consumption open) {
        while (true) {
            CompletableFuture<Consumed> next = open.next();
            if (!next.isDone() || next.isCompletedExceptionally()) {
                Failures.whenDone(
                        next,
                        what -> {
                            if (goesOn(what)) {
                                pull(open);
                            }
                        },
                        this::fail);
                return;
            }
            // In a loop: a page of events that are passed over must not deepen the stack.
            if (!goesOn(next.join())) {
                return;
            }
        }
    }

    /** Whether there is nothing for the caller to return yet. */
    private boolean goesOn(Consumed what) {
        if (what instanceof Consumed.Next next) {
            Optional<R> message = dialect.event(next.event());
            if (message.isEmpty()) {
                return true;
            }
            synchronized (this) {
                sent = next.event();
            }
            send(message);
            call.request(1);
            return false;
        }
        if (what instanceof Consumed.AllRead all) {
            send(dialect.caughtUp(all.caughtUp()));
            return true;
        }
        if (what instanceof Consumed.Quiet quiet) {
            // Who takes nothing must not have signs of life pile up.
            send(call.isReady() ? dialect.heartbeat(quiet.heartbeat()) : Optional.empty());
            return true;
        }
        end(ending());
        return false;
    }

    private synchronized void send(Optional<R> message) {
        if (!over) {
            message.ifPresent(call::onNext);
        }
    }

    /** How it ends when nothing is wrong; null without an error. */
    private synchronized @Nullable StatusRuntimeException ending() {
        if (halfClosed) {
            return null;
        }
        return stopped
                ? dialect.failure(new StoreException(
                        ErrorCode.NOT_READY, "This node is stopping: go on consuming from another one."))
                : dialect.atEnd();
    }

    private void fail(StoreException failure) {
        end(dialect.failure(failure));
    }

    private void end(@Nullable StatusRuntimeException failure) {
        Consumption open;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            open = consumption;
            if (failure == null) {
                call.onCompleted();
            } else {
                call.onError(failure);
            }
        }
        whenOver.accept(this);
        if (open != null) {
            open.close();
        }
    }

    /** The caller is done: what it returned is committed first. */
    @Override
    public void onCompleted() {
        boolean busy;
        synchronized (this) {
            halfClosed = true;
            busy = working;
        }
        if (!busy) {
            end(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        cancel();
    }

    /** What was returned is committed all the same; nobody is told. */
    private void cancel() {
        Consumption open;
        synchronized (this) {
            over = true;
            open = consumption;
        }
        whenOver.accept(this);
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void stop() {
        boolean busy;
        synchronized (this) {
            stopped = true;
            busy = working;
        }
        if (!busy) {
            end(ending());
        }
    }
}
