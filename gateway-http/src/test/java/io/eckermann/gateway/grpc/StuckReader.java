package io.eckermann.gateway.grpc;

import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Takes the first frame and nothing else, until it is told to go on. */
final class StuckReader implements ClientResponseObserver<ReadRequest, ReadFrame> {
    final AtomicInteger frames = new AtomicInteger();
    /** Null until the call is over. */
    volatile @Nullable Status ended;
    /** Null until the call begins. */
    private volatile @Nullable ClientCallStreamObserver<ReadRequest> call;

    void goOn() {
        Objects.requireNonNull(call).request(Integer.MAX_VALUE);
    }

    void cancel() {
        Objects.requireNonNull(call).cancel("enough", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReadRequest> started) {
        call = started;
        started.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(ReadFrame frame) {
        frames.incrementAndGet();
    }

    @Override
    public void onError(Throwable failure) {
        ended = Status.fromThrowable(failure);
    }

    @Override
    public void onCompleted() {
        ended = Status.OK;
    }
}
