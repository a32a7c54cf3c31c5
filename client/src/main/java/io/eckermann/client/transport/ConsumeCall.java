package io.eckermann.client.transport;

import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One consumer's call to one node. Callbacks come one at a time on a worker. */
public final class ConsumeCall {
    /** Hears the frames. They may block: the next comes when they returned. */
    public interface Frames {
        void frame(ConsumeCall call, ConsumeFrame frame);

        /** The node ended it, as it was asked to. */
        void ended(ConsumeCall call);

        void failed(ConsumeCall call, Failure failure);
    }

    private final String address;
    private final Frames frames;
    private @Nullable ClientCallStreamObserver<ConsumeRequest> stream;

    ConsumeCall(String address, Frames frames) {
        this.address = address;
        this.frames = frames;
    }

    public String address() {
        return address;
    }

    /** By one thread at a time, and not once it was half-closed. */
    public void send(ConsumeRequest request) {
        try {
            Objects.requireNonNull(stream).onNext(request);
        } catch (IllegalStateException e) {
            // gRPC's answer to a message that meets the end of the call, of which its owner hears in turn.
        }
    }

    /** Nothing more will be sent: the node answers what it was sent and ends the call. */
    public void halfClose() {
        try {
            Objects.requireNonNull(stream).onCompleted();
        } catch (IllegalStateException e) {
            // The same.
        }
    }

    public void cancel() {
        Objects.requireNonNull(stream).cancel("given up by the client", null);
    }

    ClientResponseObserver<ConsumeRequest, ConsumeFrame> observer() {
        return new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<ConsumeRequest> started) {
                stream = started;
            }

            @Override
            public void onNext(ConsumeFrame frame) {
                frames.frame(ConsumeCall.this, frame);
            }

            @Override
            public void onError(Throwable error) {
                frames.failed(ConsumeCall.this, Failure.of(error));
            }

            @Override
            public void onCompleted() {
                frames.ended(ConsumeCall.this);
            }
        };
    }
}
