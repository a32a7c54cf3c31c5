package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.Scavenges;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** {@code eckermann.v1.Cluster}. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final ClusterHandler cluster;
    private final Scavenges scavenges;

    public ClusterService(ClusterHandler cluster, Scavenges scavenges) {
        this.cluster = cluster;
        this.scavenges = scavenges;
    }

    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<ClusterView> observer) {
        Calls.answer(observer, timeout -> Failures.guarded(() -> CompletableFuture.completedFuture(cluster.view())));
    }

    @Override
    public void scavenge(ScavengeRequest request, StreamObserver<ScavengeResponse> observer) {
        Calls.answer(observer, timeout -> scavenges.scavenge(request, timeout));
    }
}
