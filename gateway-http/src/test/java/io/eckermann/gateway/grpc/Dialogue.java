package io.eckermann.gateway.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call in which both sides send, as a test goes through it step by step. */
public final class Dialogue<Q, R> implements StreamObserver<R> {
    private final StreamObserver<Q> requests;
    private final BlockingQueue<R> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    public Dialogue(Function<StreamObserver<R>, StreamObserver<Q>> call) {
        this.requests = call.apply(this);
    }

    public Dialogue<Q, R> send(Q request) {
        requests.onNext(request);
        return this;
    }

    public Dialogue<Q, R> halfClose() {
        requests.onCompleted();
        return this;
    }

    /** The next answer, which must come. */
    public R next() throws InterruptedException {
        return Objects.requireNonNull(poll(60), () -> "no answer, ended: " + ended);
    }

    public @Nullable R poll(long seconds) throws InterruptedException {
        return answers.poll(seconds, TimeUnit.SECONDS);
    }

    /** How it ended, which it must. */
    public Status status() throws Exception {
        return ended.get(60, TimeUnit.SECONDS);
    }

    public boolean isOver() {
        return ended.isDone();
    }

    @Override
    public void onNext(R answer) {
        answers.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(Status.OK);
    }
}
