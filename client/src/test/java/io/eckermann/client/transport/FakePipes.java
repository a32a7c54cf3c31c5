package io.eckermann.client.transport;

import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.grpc.stub.ClientCallStreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pipes that lead to a test. */
public final class FakePipes {
    private FakePipes() {}

    public static AppendPipe to(Consumer<AppendRequest> node) {
        AppendPipe pipe = new AppendPipe("fake", new AppendPipe.Results() {
            @Override
            public void result(AppendPipe from, AppendResult result) {}

            @Override
            public void broken(AppendPipe from, Failure failure) {}
        });
        pipe.observer().beforeStart(new ClientCallStreamObserver<>() {
            @Override
            public void onNext(AppendRequest request) {
                node.accept(request);
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}

            @Override
            public void cancel(@Nullable String message, @Nullable Throwable cause) {}

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setOnReadyHandler(Runnable handler) {}

            @Override
            public void request(int count) {}

            @Override
            public void setMessageCompression(boolean enable) {}

            @Override
            public void disableAutoInboundFlowControl() {}
        });
        return pipe;
    }
}
