package io.eckermann.client.transport;

import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One read on one node. No frame comes that was not requested. Callbacks come one at a time on a worker. */
public final class ReadCall {
    /** Hears the frames. */
    public interface Frames {
        void frame(ReadCall call, ReadFrame frame);

        /** The node has sent everything. */
        void ended(ReadCall call);

        void failed(ReadCall call, Failure failure);
    }

    private final String address;
    private final Frames frames;
    private @Nullable ClientCallStreamObserver<ReadRequest> stream;

    ReadCall(String address, Frames frames) {
        this.address = address;
        this.frames = frames;
    }

    public String address() {
        return address;
    }

    public void request(int count) {
        Objects.requireNonNull(stream).request(count);
    }

    public void cancel() {
        Objects.requireNonNull(stream).cancel("read cancelled by the client", null);
    }

    ClientResponseObserver<ReadRequest, ReadFrame> observer() {
        return new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<ReadRequest> started) {
                stream = started;
                started.disableAutoRequestWithInitial(0);
            }

            @Override
            public void onNext(ReadFrame frame) {
                frames.frame(ReadCall.this, frame);
            }

            @Override
            public void onError(Throwable error) {
                frames.failed(ReadCall.this, Failure.of(error).ofRead());
            }

            @Override
            public void onCompleted() {
                frames.ended(ReadCall.this);
            }
        };
    }
}
