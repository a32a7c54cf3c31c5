package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ReadFrame;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Read on its way to the caller. It pulls the next frame only while the transport takes more, so a slow reader
 * costs one page. One pull is under way at a time; whoever ends it sends what it brought.
 */
final class ReadCall implements LogService.OpenStream {
    private final ServerCallStreamObserver<ReadFrame> call;
    private final Consumer<LogService.OpenStream> whenOver;

    // Guarded by this.
    private @Nullable ReadStream stream;
    private boolean pulling;
    private boolean cancelled;
    private boolean stopped;
    private boolean over;

    ReadCall(ServerCallStreamObserver<ReadFrame> call, Consumer<LogService.OpenStream> whenOver) {
        this.call = call;
        this.whenOver = whenOver;
        call.setOnCancelHandler(this::cancel);
        call.setOnReadyHandler(this::pull);
    }

    /** Sends what the stream brings, once it is open. */
    void start(CompletableFuture<ReadStream> opening) {
        Failures.whenDone(opening, this::opened, this::end);
    }

    private void opened(ReadStream opened) {
        boolean tooLate;
        synchronized (this) {
            stream = opened;
            tooLate = cancelled || stopped;
        }
        if (tooLate) {
            opened.close();
        }
        pull();
    }

    private void pull() {
        ReadStream from;
        synchronized (this) {
            if (stream == null || pulling || over || !(call.isReady() || cancelled || stopped)) {
                return;
            }
            pulling = true;
            from = stream;
        }
        Failures.whenDone(from.next(), this::pulled, this::end);
    }

    private void pulled(Optional<ReadFrame> frame) {
        if (frame.isEmpty()) {
            end(null);
            return;
        }
        call.onNext(frame.get());
        synchronized (this) {
            pulling = false;
        }
        pull();
    }

    private void end(@Nullable StoreException failure) {
        boolean stoppedEarly;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            stoppedEarly = stopped;
        }
        whenOver.accept(this);
        if (failure != null) {
            call.onError(GrpcErrors.toStatus(failure));
        } else if (stoppedEarly) {
            call.onError(GrpcErrors.toStatus(
                    new StoreException(ErrorCode.NOT_READY, "This node is stopping: go on reading from another one.")));
        } else {
            call.onCompleted();
        }
    }

    private void cancel() {
        ReadStream open;
        synchronized (this) {
            cancelled = true;
            open = stream;
        }
        close(open);
    }

    @Override
    public void stop() {
        ReadStream open;
        synchronized (this) {
            stopped = true;
            open = stream;
        }
        close(open);
    }

    private void close(@Nullable ReadStream open) {
        if (open != null) {
            open.close();
            // A closed stream is empty at once: this brings the call to its end also while nothing is being pulled.
            pull();
        }
    }
}
