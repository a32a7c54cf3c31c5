package io.eckermann.client.transport;

import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyStart;
import io.eckermann.protocol.v1.CopyWanted;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One copy of one node's state on its way here. Parts come one at a time on a worker, and the next one waits for it. */
public final class CopyStream implements ClientResponseObserver<CopyRequest, CopyPart> {
    private final Parts parts;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<CopyRequest> requests;

    /** Takes the parts; may block. */
    public interface Parts {
        /** Says what of the list is wanted. */
        CopyWanted list(CopyList list) throws IOException;

        void data(CopyData data) throws IOException;
    }

    CopyStream(Parts parts) {
        this.parts = parts;
    }

    /** Fails with a FailedException, or with what the receiver threw. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<CopyRequest> stream) {
        requests = stream;
    }

    /** Once the call is open. */
    void start() {
        Objects.requireNonNull(requests)
                .onNext(CopyRequest.newBuilder()
                        .setStart(CopyStart.getDefaultInstance())
                        .build());
    }

    @Override
    public void onNext(CopyPart part) {
        if (done.isDone()) {
            return;
        }
        ClientCallStreamObserver<CopyRequest> stream = Objects.requireNonNull(requests);
        try {
            if (part.hasList()) {
                stream.onNext(CopyRequest.newBuilder()
                        .setWanted(parts.list(part.getList()))
                        .build());
                stream.onCompleted();
            } else if (part.hasData()) {
                parts.data(part.getData());
            }
        } catch (IOException e) {
            stop(stream, new UncheckedIOException(e));
        } catch (RuntimeException e) {
            stop(stream, e);
        }
    }

    private void stop(ClientCallStreamObserver<CopyRequest> stream, RuntimeException failure) {
        done.completeExceptionally(failure);
        stream.cancel("the receiver failed", failure);
    }

    @Override
    public void onError(Throwable error) {
        done.completeExceptionally(new FailedException(Failure.of(error)));
    }

    @Override
    public void onCompleted() {
        done.complete(null);
    }
}
