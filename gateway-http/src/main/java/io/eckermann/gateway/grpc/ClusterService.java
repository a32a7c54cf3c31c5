package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.Comparisons;
import io.eckermann.gateway.cluster.Scavenges;
import io.eckermann.gateway.cluster.Scrubs;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CompareStatesResponse;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.DrainResponse;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** {@code eckermann.v1.Cluster}. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private static final Duration LOOK_UP_MAX = Duration.ofSeconds(1);

    private final ClusterHandler cluster;
    private final Scavenges scavenges;
    private final Scrubs scrubs;
    private final Comparisons comparisons;
    private final Shards shards;

    public ClusterService(
            ClusterHandler cluster, Scavenges scavenges, Scrubs scrubs, Comparisons comparisons, Shards shards) {
        this.shards = shards;
        this.cluster = cluster;
        this.scavenges = scavenges;
        this.scrubs = scrubs;
        this.comparisons = comparisons;
    }

    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<ClusterView> observer) {
        Calls.answer(
                observer,
                timeout -> Failures.guarded(() -> {
                    ClusterView view = cluster.view();
                    String topic = request.getTopic();
                    return topic.isEmpty()
                            ? CompletableFuture.completedFuture(view)
                            : shards.at(topic, Consistency.LINEARIZABLE, Deadline.after(LOOK_UP_MAX))
                                    .handle((any, failure) -> withShard(view, topic));
                }));
    }

    /** Says nothing of a topic that this node has not heard of: it may come to be anywhere. */
    private ClusterView withShard(ClusterView view, String topic) {
        Shard known = shards.known(topic);
        return known == null
                ? view
                : view.toBuilder().setTopicShard(shards.all().indexOf(known)).build();
    }

    @Override
    public void scavenge(ScavengeRequest request, StreamObserver<ScavengeResponse> observer) {
        Calls.answer(observer, timeout -> scavenges.scavenge(request, timeout));
    }

    @Override
    public void scrub(ScrubRequest request, StreamObserver<ScrubResponse> observer) {
        Calls.answer(observer, timeout -> scrubs.scrub(request, timeout));
    }

    @Override
    public void compareStates(CompareStatesRequest request, StreamObserver<CompareStatesResponse> observer) {
        Calls.answer(observer, timeout -> comparisons.compare(request, timeout));
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> observer) {
        Calls.answer(observer, timeout -> cluster.commands().transfer(request, timeout));
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> observer) {
        Calls.answer(observer, timeout -> cluster.commands().drain(request, timeout));
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> observer) {
        Calls.answer(observer, timeout -> cluster.commands().change(request, timeout));
    }
}
