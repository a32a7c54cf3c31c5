package io.eckermann.gateway.peers;

import io.eckermann.protocol.internal.v1.GetStatusRequest;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks other nodes how they are. Safe from any thread, never blocks. */
public final class PeerStatus {
    private final PeerChannels channels;

    public PeerStatus(PeerChannels channels) {
        this.channels = channels;
    }

    /** Fails when there is no answer in time. */
    public CompletableFuture<GetStatusResponse> ask(String nodeId, Duration timeout) {
        CompletableFuture<GetStatusResponse> answer = new CompletableFuture<>();
        channels.reconnect(nodeId);
        PeersGrpc.newStub(channels.channel(nodeId))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .getStatus(GetStatusRequest.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(GetStatusResponse status) {
                        answer.complete(status);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answer;
    }
}
