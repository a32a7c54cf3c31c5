package io.eckermann.client.transport;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.Problem;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One append stream to one node: results come in the order of the requests. One thread at a time may send; any may give
 * it up. Its callbacks come one at a time on a thread of the transport, which they must not block, never from within
 * {@link #send}.
 */
public final class AppendPipe {
    /** Hears the answers. */
    public interface Results {
        void result(AppendPipe pipe, AppendResult result);

        /** The stream is over; what was not answered may be done unless the failure says otherwise. */
        void broken(AppendPipe pipe, Failure failure);
    }

    private final String address;
    private final Results results;
    private @Nullable ClientCallStreamObserver<AppendRequest> requests;
    private volatile boolean over;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private Runnable whenSent = () -> {};

    AppendPipe(String address, Results results) {
        this.address = address;
        this.results = results;
    }

    public String address() {
        return address;
    }

    /** Runs the task whenever something was sent. To be set before. */
    void onSent(Runnable task) {
        whenSent = task;
    }

    /** How many requests went out. */
    long sent() {
        return sent.get();
    }

    /** How many results came back. */
    long answered() {
        return answered.get();
    }

    boolean isOver() {
        return over;
    }

    /** The node is not there any more. */
    void lost(Failure failure) {
        results.broken(this, failure);
    }

    public void send(AppendRequest request) {
        try {
            if (!over) {
                sent.incrementAndGet();
                whenSent.run();
                Objects.requireNonNull(requests).onNext(request);
            }
        } catch (IllegalStateException e) {
            // gRPC's answer to a message that meets the cancellation; any other is a fault.
            if (!over) {
                throw e;
            }
        }
    }

    /** Gives the stream up; nothing of it is heard any more once the owner looks elsewhere. */
    public void cancel() {
        if (!over) {
            over = true;
            Objects.requireNonNull(requests).cancel("given up by the client", null);
        }
    }

    ClientResponseObserver<AppendRequest, AppendResult> observer() {
        return new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<AppendRequest> stream) {
                requests = stream;
            }

            @Override
            public void onNext(AppendResult result) {
                answered.incrementAndGet();
                results.result(AppendPipe.this, result);
            }

            @Override
            public void onError(Throwable error) {
                Failure failure = Failure.of(error);
                boolean notAllowed = failure.is(ErrorCode.FORBIDDEN) || failure.is(ErrorCode.UNAUTHENTICATED);
                if (notAllowed && failure.facts().containsKey("nothing_before")) {
                    // It would be refused again and again: so the oldest is told, and does not wait for its time to be
                    // up.
                    Problem problem = Problem.newBuilder()
                            .setCode(failure.code())
                            .setMessage(failure.message())
                            .putAllFacts(failure.facts())
                            .build();
                    results.result(
                            AppendPipe.this,
                            AppendResult.newBuilder().setProblem(problem).build());
                }
                results.broken(AppendPipe.this, notAllowed ? failure.withMayBeDone(true) : failure);
            }

            @Override
            public void onCompleted() {
                results.broken(
                        AppendPipe.this, Failure.of(ErrorCode.LEADER_CHANGED, "The node ended the append stream."));
            }
        };
    }
}
