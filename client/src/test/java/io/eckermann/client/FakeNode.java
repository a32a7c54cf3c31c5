package io.eckermann.client;

import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CompareStatesRequest;
import io.eckermann.protocol.v1.CompareStatesResponse;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.MachineView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.ShardRole;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateMark;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import io.eckermann.protocol.v1.TransferLeadershipResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One node of the fake: a gRPC server on a free port that can be killed and started again on the same. */
final class FakeNode {
    private final FakeCluster cluster;
    private final int index;
    private int port;
    private @Nullable Server server;
    final FakeLog log;
    /** What nodes say where it is, instead of where it is; empty: where it is. */
    volatile String announced = "";

    FakeNode(FakeCluster cluster, int index) throws IOException {
        this.cluster = cluster;
        this.index = index;
        this.log = new FakeLog(cluster, index);
        start();
    }

    String address() {
        return announced.isEmpty() ? "127.0.0.1:" + port : announced;
    }

    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(log)
                .addService(new FakeTopics(cluster))
                .addService(new FakeCursors(cluster))
                .addService(new FakeSchemas(cluster))
                .addService(new FakeGroupsService(cluster))
                .addService(new FakeWebhooks(cluster))
                .addService(new FakeConsumers(cluster))
                .addService(new FakeBackups(cluster))
                .addService(new View())
                .flowControlWindow(1 << 20)
                .build()
                .start();
        port = server.getPort();
    }

    void kill() {
        Server running = server;
        if (running != null) {
            server = null;
            running.shutdownNow();
            try {
                running.awaitTermination(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class View extends ClusterGrpc.ClusterImplBase {
        @Override
        public void getCluster(GetClusterRequest request, StreamObserver<ClusterView> answer) {
            ClusterView.Builder view = ClusterView.newBuilder()
                    .setClusterId("fake")
                    .setAnsweredBy("n" + (index + 1))
                    .setTerm(1);
            synchronized (cluster) {
                cluster.asked++;
                if (cluster.leader >= 0) {
                    view.setLeader("n" + (cluster.leader + 1));
                }
                for (int shard = 0; shard < cluster.shardLeaders.size(); shard++) {
                    view.addShardsBuilder()
                            .setShard(shard)
                            .setLeader("n" + (cluster.shardLeaders.get(shard) + 1))
                            .setTerm(1);
                }
                Integer asked = cluster.shards.get(request.getTopic());
                if (asked != null) {
                    view.setTopicShard(asked);
                }
            }
            for (int i = 0; i < cluster.nodes.size(); i++) {
                view.addNodes(NodeView.newBuilder()
                        .setId("n" + (i + 1))
                        .setGrpcAddress(cluster.nodes.get(i).address())
                        .addAllShards(parts(i))
                        .setMachine(MachineView.newBuilder()
                                .setHeapUsedBytes(96 << 20)
                                .setHeapMaxBytes(512 << 20)
                                .setResidentBytes(300 << 20)
                                .setLoad(0.5)
                                .setProcessors(2))
                        .setReady(true)
                        .setReachable(true)
                        .setStorage(cluster.storage));
                if (cluster.markedAt > 0) {
                    view.getNodesBuilder(i).addDigests(digest("n" + (i + 1)));
                }
                if (cluster.scavenges) {
                    view.getNodesBuilder(i).setScavenge(scavenge("n" + (i + 1)));
                }
            }
            answer.onNext(view.build());
            answer.onCompleted();
        }

        /** As many entries more as the shard's number says. */
        private List<ShardRole> parts(int node) {
            List<ShardRole> parts = new ArrayList<>();
            List<Integer> leaders = cluster.shardLeaders;
            for (int shard = 0; shard < leaders.size(); shard++) {
                parts.add(ShardRole.newBuilder()
                        .setShard(shard)
                        .setRole(leaders.get(shard) == node ? NodeView.Role.LEADER : NodeView.Role.FOLLOWER)
                        .setTerm(1)
                        .setApplied(7L + shard)
                        .setCommitted(8L + shard)
                        .build());
            }
            return parts;
        }

        @Override
        public void transferLeadership(
                TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> answer) {
            int to = Integer.parseInt(request.getNode().substring(1)) - 1;
            synchronized (cluster) {
                List<Integer> leaders = new ArrayList<>(cluster.shardLeaders);
                if (request.hasShard()) {
                    leaders.set(request.getShard(), to);
                } else {
                    leaders.replaceAll(any -> to);
                }
                cluster.shardLeaders = leaders;
            }
            answer.onNext(TransferLeadershipResponse.newBuilder()
                    .setLeader(request.getNode())
                    .build());
            answer.onCompleted();
        }

        @Override
        public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> answer) {
            boolean refused = cluster.changesRefused.getAndDecrement() > 0;
            CompletableFuture.delayedExecutor(cluster.changeMs, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (refused) {
                            answer.onError(FakeErrors.error(cluster.changeRefusal, Map.of()));
                            return;
                        }
                        answer.onNext(ChangeMembersResponse.newBuilder()
                                .addMembers("n" + (index + 1))
                                .build());
                        answer.onCompleted();
                    });
        }

        @Override
        public void compareStates(CompareStatesRequest request, StreamObserver<CompareStatesResponse> answer) {
            cluster.markedAt = 41;
            answer.onNext(CompareStatesResponse.newBuilder()
                    .addMarks(StateMark.newBuilder().setRaftIndex(cluster.markedAt))
                    .build());
            answer.onCompleted();
        }

        private StateDigestView digest(String id) {
            boolean differs = cluster.differing.equals(id);
            return StateDigestView.newBuilder()
                    .setRaftIndex(cluster.markedAt)
                    .setSha256((differs ? "ab" : "cd").repeat(32))
                    .setVerdict(differs ? StateDigestView.Verdict.DIFFERS : StateDigestView.Verdict.AGREES)
                    .build();
        }

        private ScavengeView scavenge(String id) {
            return ScavengeView.newBuilder()
                    .setState(
                            cluster.notScavenging.contains(id)
                                    ? ScavengeView.State.STOPPED
                                    : ScavengeView.State.RUNNING)
                    .setDeadBytes(3 << 20)
                    .setSegments(2)
                    .setSegmentsDone(1)
                    .setFreedBytes(1 << 20)
                    .build();
        }

        @Override
        public void scavenge(ScavengeRequest request, StreamObserver<ScavengeResponse> answer) {
            List<String> meant = IntStream.rangeClosed(1, cluster.nodes.size())
                    .mapToObj(number -> "n" + number)
                    .filter(id ->
                            request.getNode().isEmpty() || request.getNode().equals(id))
                    .toList();
            cluster.scavenges = true;
            if (request.getAction() == ScavengeRequest.Action.STOP) {
                cluster.notScavenging.addAll(meant);
            } else {
                meant.forEach(cluster.notScavenging::remove);
            }
            answer.onNext(ScavengeResponse.newBuilder().addAllNodes(meant).build());
            answer.onCompleted();
        }
    }
}
