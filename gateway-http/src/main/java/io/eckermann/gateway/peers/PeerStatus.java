package io.eckermann.gateway.peers;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.CommandAnswer;
import io.eckermann.protocol.internal.v1.CommandRequest;
import io.eckermann.protocol.internal.v1.GetStatusRequest;
import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks other nodes how they are. Safe from any thread, never blocks. */
public final class PeerStatus {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

    private final PeerChannels channels;

    public PeerStatus(PeerChannels channels) {
        this.channels = channels;
    }

    /** Fails when there is no answer in time. */
    public CompletableFuture<GetStatusResponse> ask(String nodeId, Duration timeout) {
        CompletableFuture<GetStatusResponse> answer = new CompletableFuture<>();
        stub(nodeId, timeout).getStatus(GetStatusRequest.getDefaultInstance(), completing(answer));
        return answer;
    }

    /** Has another node start or stop its scavenger; fails as NOT_READY when there is no answer in time. */
    public CompletableFuture<ScavengeResponse> scavenge(String nodeId, ScavengeRequest request, Duration timeout) {
        CompletableFuture<ScavengeResponse> answer = new CompletableFuture<>();
        stub(nodeId, timeout).scavenge(request, completing(answer));
        return answer.exceptionally(failure -> {
            throw new StoreException(ErrorCode.NOT_READY, "The node does not answer: try again later.", failure)
                    .with("node", nodeId);
        });
    }

    /** The same of its scrubber. */
    public CompletableFuture<ScrubResponse> scrub(String nodeId, ScrubRequest request, Duration timeout) {
        CompletableFuture<ScrubResponse> answer = new CompletableFuture<>();
        stub(nodeId, timeout).scrub(request, completing(answer));
        return answer.exceptionally(failure -> {
            throw new StoreException(ErrorCode.NOT_READY, "The node does not answer: try again later.", failure)
                    .with("node", nodeId);
        });
    }

    /** Asks whoever is at an address; fails when there is no answer in time. */
    public CompletableFuture<GetStatusResponse> askAt(HostPort grpc, Duration timeout) {
        ManagedChannel channel = channels.to(grpc);
        CompletableFuture<GetStatusResponse> answer = new CompletableFuture<>();
        PeersGrpc.newStub(channel)
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .getStatus(GetStatusRequest.getDefaultInstance(), completing(answer));
        return answer.whenComplete((any, failure) -> channel.shutdown());
    }

    CompletableFuture<CommandAnswer> command(String nodeId, CommandRequest request, Duration timeout) {
        CompletableFuture<CommandAnswer> answer = new CompletableFuture<>();
        // The other side keeps the time; this only guards against one that is gone.
        stub(nodeId, timeout.plus(ANSWER_WITHIN)).command(request, completing(answer));
        return answer;
    }

    private PeersGrpc.PeersStub stub(String nodeId, Duration timeout) {
        channels.reconnect(nodeId);
        return PeersGrpc.newStub(channels.channel(nodeId)).withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> StreamObserver<T> completing(CompletableFuture<T> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T message) {
                answer.complete(message);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
    }
}
