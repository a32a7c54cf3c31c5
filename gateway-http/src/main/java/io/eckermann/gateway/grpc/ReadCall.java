package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.read.Untaken;
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
 * costs a page there and one here. One pull is under way at a time; whoever ends it sends what it brought.
 */
final class ReadCall implements LogService.OpenStream {
    private final ServerCallStreamObserver<ReadFrame> call;
    private final Consumer<LogService.OpenStream> whenOver;
    /** What may wait in the transport while the next page is fetched: a page, so that neither waits for the other. */
    private final int unsentBytes;

    private final Runnable cutOff = CutOff.ofCurrentCall();

    // Guarded by this.
    private @Nullable ReadStream stream;
    private Untaken untaken = Untaken.NONE;
    private boolean pulling;
    /** The transport has nothing of it any more. */
    private boolean gone;

    private boolean cancelled;
    private boolean stopped;
    private boolean over;

    /** @param unsentBytes what may wait in the transport */
    ReadCall(ServerCallStreamObserver<ReadFrame> call, Consumer<LogService.OpenStream> whenOver, int unsentBytes) {
        this.call = call;
        this.whenOver = whenOver;
        this.unsentBytes = unsentBytes;
        call.setOnCancelHandler(this::cancel);
        call.setOnCloseHandler(this::gone);
        call.setOnReadyThreshold(unsentBytes);
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
            untaken = opened.untaken();
            tooLate = cancelled || stopped;
            if (gone) {
                untaken.over();
            }
        }
        if (tooLate) {
            opened.close();
        }
        pull();
    }

    /** Sends frame after frame as long as they are there at once, and comes back when the next one is. */
    private void pull() {
        for (ReadStream from = takeTurn(); from != null; from = takeTurn()) {
            CompletableFuture<Optional<ReadFrame>> next = from.next();
            if (!next.isDone() || next.isCompletedExceptionally()) {
                Failures.whenDone(
                        next,
                        frame -> {
                            send(frame);
                            pull();
                        },
                        this::end);
                return;
            }
            send(next.join());
        }
    }

    /** The stream to pull, now by nobody else; null when there is nothing to do. */
    private synchronized @Nullable ReadStream takeTurn() {
        if (pulling || over || !(call.isReady() || cancelled || stopped)) {
            return null;
        }
        pulling = stream != null;
        untaken.taken();
        return stream;
    }

    private void send(Optional<ReadFrame> frame) {
        if (frame.isEmpty()) {
            end(null);
            return;
        }
        call.onNext(frame.get());
        if (!call.isReady()) {
            untaken.left((long) unsentBytes + frame.get().getSerializedSize(), cutOff);
        }
        synchronized (this) {
            pulling = false;
        }
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

    private synchronized void gone() {
        gone = true;
        untaken.over();
    }

    private void cancel() {
        gone();
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
