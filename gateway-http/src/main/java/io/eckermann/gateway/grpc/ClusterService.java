package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** {@code eckermann.v1.Cluster}. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final ClusterHandler cluster;

    public ClusterService(ClusterHandler cluster) {
        this.cluster = cluster;
    }

    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<ClusterView> observer) {
        Calls.answer(observer, timeout -> Failures.guarded(() -> CompletableFuture.completedFuture(cluster.view())));
    }
}
