package io.eckermann.gateway.node;

import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Appends on one stream until somebody else ends it. */
final class EndlessAppends {
    private EndlessAppends() {}

    /** The status with which an append stream ends that somebody else's acts ended. */
    static CompletableFuture<Status.Code> end(Channel channel, AppendRequest request) {
        CompletableFuture<Status.Code> ended = new CompletableFuture<>();
        StreamObserver<AppendRequest> requests = LogGrpc.newStub(channel).appendStream(new StreamObserver<>() {
            @Override
            public void onNext(AppendResult result) {}

            @Override
            public void onError(Throwable failure) {
                ended.complete(Status.fromThrowable(failure).getCode());
            }

            @Override
            public void onCompleted() {
                ended.complete(Status.Code.OK);
            }
        });
        requests.onNext(request);
        Thread sending = new Thread(() -> {
            while (!ended.isDone()) {
                requests.onNext(request);
                LockSupport.parkNanos(20_000_000);
            }
        });
        sending.setDaemon(true);
        sending.start();
        return ended;
    }
}
