package io.eckermann.gateway.peers;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;

/** Lets a sending thread wait until the receiver takes more, and for its pace. Handlers come on any thread. */
public final class SendingGate<T> {
    private final ServerCallStreamObserver<T> observer;
    private final long startNs = System.nanoTime();
    private final long bytesPerSecond;
    /** Of the sending thread. */
    private long sentBytes;

    /** @param bytesPerSecond at most; 0: as much as is taken */
    public SendingGate(ServerCallStreamObserver<T> observer, long bytesPerSecond) {
        this.observer = observer;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Something may have changed. */
    public synchronized void changed() {
        notifyAll();
    }

    /**
     * Sends when the receiver takes it, and so many bytes may follow those before.
     *
     * @throws StatusRuntimeException CANCELLED when the receiver left
     */
    public void send(T part, long bytes) throws InterruptedException {
        synchronized (this) {
            long dueNs = startNs;
            if (bytesPerSecond > 0) {
                dueNs += (long) ((double) sentBytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
            }
            long left = dueNs - System.nanoTime();
            while ((left > 0 || !observer.isReady()) && !observer.isCancelled()) {
                TimeUnit.NANOSECONDS.timedWait(this, left > 0 ? left : TimeUnit.SECONDS.toNanos(1));
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
