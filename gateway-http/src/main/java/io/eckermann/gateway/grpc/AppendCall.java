package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.AppendResult;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One AppendStream. Requests are submitted as they come, up to a window of requests and bytes; results leave in the
 * order of requests. A caller who does not take results is not asked for more requests, nor is one who has something
 * under way while the node is busy: what it sends meanwhile waits on its side. So a crowd of callers is slowed down and
 * not refused; and whoever is refused all the same is refused in order ({@link ProducerTurns}).
 */
final class AppendCall implements StreamObserver<AppendRequest>, LogService.OpenStream {
    private static final int REQUESTS_MAX = 64;
    /** One more request may come on top, as its size is not known before. */
    private static final long BYTES_MAX = 8 << 20;

    private final AppendHandler appends;
    private final ServerCallStreamObserver<AppendResult> call;
    private final Consumer<LogService.OpenStream> whenOver;

    // Guarded by this.
    private final Queue<InFlight> inFlight = new ArrayDeque<>();
    private final ProducerTurns turns = new ProducerTurns();
    private long bytes;
    private boolean asked;
    private boolean halfClosed;
    private boolean stopped;
    private boolean over;

    private record InFlight(CompletableFuture<AppendResponse> response, int bytes) {}

    AppendCall(
            AppendHandler appends,
            ServerCallStreamObserver<AppendResult> call,
            Consumer<LogService.OpenStream> whenOver) {
        this.appends = appends;
        this.call = call;
        this.whenOver = whenOver;
        call.disableAutoRequest();
        call.setOnCancelHandler(this::cancel);
        call.setOnReadyHandler(this::advance);
    }

    void start() {
        advance();
    }

    @Override
    public void onNext(AppendRequest request) {
        StoreException refusal;
        synchronized (this) {
            if (stopped || over) {
                return;
            }
            refusal = turns.refusal(request);
        }
        int size = request.getSerializedSize();
        CompletableFuture<AppendResponse> response =
                refusal == null ? appends.append(request, Calls.timeout()) : CompletableFuture.failedFuture(refusal);
        synchronized (this) {
            if (refusal == null) {
                turns.submitted(request, response);
            }
            asked = false;
            bytes += size;
            inFlight.add(new InFlight(response, size));
        }
        Failures.whenDone(response, done -> advance(), failure -> advance());
        advance();
    }

    /** Sends the results that are due and asks for the next request, as far as the window and the caller allow. */
    private void advance() {
        boolean ask;
        synchronized (this) {
            if (over) {
                return;
            }
            sendResults();
            if (inFlight.isEmpty() && (halfClosed || stopped)) {
                end();
                return;
            }
            ask = !asked
                    && !halfClosed
                    && !stopped
                    && call.isReady()
                    && inFlight.size() < REQUESTS_MAX
                    && bytes < BYTES_MAX
                    && (inFlight.isEmpty() || !appends.isBusy());
            asked |= ask;
        }
        if (ask) {
            // Outside the lock: the next request may be delivered from within.
            call.request(1);
        }
    }

    private void sendResults() {
        for (InFlight first = inFlight.peek();
                first != null && first.response().isDone() && (call.isReady() || stopped);
                first = inFlight.peek()) {
            inFlight.remove();
            bytes -= first.bytes();
            call.onNext(result(first.response()));
        }
    }

    private static AppendResult result(CompletableFuture<AppendResponse> response) {
        try {
            return AppendResult.newBuilder().setAppended(response.join()).build();
        } catch (RuntimeException e) {
            return AppendResult.newBuilder()
                    .setProblem(GrpcErrors.toProblem(Failures.storeException(e)))
                    .build();
        }
    }

    private void end() {
        over = true;
        whenOver.accept(this);
        if (halfClosed) {
            call.onCompleted();
        } else {
            call.onError(GrpcErrors.toStatus(
                    new StoreException(ErrorCode.NOT_READY, "This node is stopping: append at another one.")));
        }
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            halfClosed = true;
        }
        advance();
    }

    @Override
    public void onError(Throwable failure) {
        cancel();
    }

    /** What was submitted takes its course; nobody is told. */
    private void cancel() {
        synchronized (this) {
            over = true;
            inFlight.clear();
        }
        whenOver.accept(this);
    }

    @Override
    public void stop() {
        synchronized (this) {
            stopped = true;
        }
        advance();
    }
}
