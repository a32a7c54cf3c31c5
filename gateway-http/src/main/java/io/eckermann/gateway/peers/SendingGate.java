package io.eckermann.gateway.peers;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lets a sending thread wait until the receiver takes more, and for its pace. One that takes nothing for very long is given up:
 * what is sent is held on the disk for it alone. Handlers come on any thread.
 */
public final class SendingGate<T> {
    /** It may have to store a large file far away before it takes the next. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final ServerCallStreamObserver<T> observer;
    private final long startNs = System.nanoTime();
    private final long bytesPerSecond;
    private final Duration patience;
    /** Of the sending thread. */
    private long sentBytes;

    /** @param bytesPerSecond at most; 0: as much as is taken */
    public SendingGate(ServerCallStreamObserver<T> observer, long bytesPerSecond) {
        this(observer, bytesPerSecond, PATIENCE);
    }

    SendingGate(ServerCallStreamObserver<T> observer, long bytesPerSecond, Duration patience) {
        this.observer = observer;
        this.bytesPerSecond = bytesPerSecond;
        this.patience = patience;
    }

    /** Something may have changed. */
    public synchronized void changed() {
        notifyAll();
    }

    /**
     * Sends when the receiver takes it, and so many bytes may follow those before.
     *
     * @throws StatusRuntimeException CANCELLED when the receiver left, DEADLINE_EXCEEDED when it took nothing for too long
     */
    public void send(T part, long bytes) throws InterruptedException {
        synchronized (this) {
            long dueNs = startNs;
            if (bytesPerSecond > 0) {
                dueNs += (long) ((double) sentBytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
            }
            long left = dueNs - System.nanoTime();
            long givenUpNs = System.nanoTime() + Math.max(0, left) + patience.toNanos();
            while ((left > 0 || !observer.isReady()) && !observer.isCancelled()) {
                if (givenUpNs - System.nanoTime() <= 0) {
                    throw Status.DEADLINE_EXCEEDED
                            .withDescription("The receiver took nothing for " + patience + ".")
                            .asRuntimeException();
                }
                long waitNs = left > 0 ? left : Math.min(TimeUnit.SECONDS.toNanos(1), patience.toNanos());
                TimeUnit.NANOSECONDS.timedWait(this, waitNs);
                left = dueNs - System.nanoTime();
            }
        }
        if (observer.isCancelled()) {
            throw Status.CANCELLED.withDescription("The receiver left.").asRuntimeException();
        }
        sentBytes += bytes;
        observer.onNext(part);
    }

    /** Nothing follows. */
    public void complete() {
        observer.onCompleted();
    }

    /** Ends the call, unless the receiver left. */
    public void fail(StatusRuntimeException failure) {
        if (!observer.isCancelled()) {
            observer.onError(failure);
        }
    }
}
