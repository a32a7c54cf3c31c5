package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.Scavenger;
import io.eckermann.gateway.cluster.Scrubber;
import io.eckermann.gateway.grpc.GrpcDoorConfig;
import io.eckermann.gateway.http.HttpDoorConfig;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Members;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.gateway.topics.CompactionWatch;
import io.eckermann.raftlog.RaftConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's configuration as its parts want it. */
final class PartConfigs {
    private PartConfigs() {}

    static GrpcDoorConfig grpc(NodeConfig config, @Nullable NodeTls tls) {
        HostPort bind = config.grpcBind();
        return new GrpcDoorConfig(bind.host(), bind.port(), config.grpcConnectionsMax(), config.grpcCallsMax(), tls);
    }

    static HttpDoorConfig http(NodeConfig config, @Nullable NodeTls tls) {
        HostPort bind = config.httpBind();
        HttpDoorConfig usual = HttpDoorConfig.at(bind.host(), bind.port());
        return new HttpDoorConfig(
                usual.host(),
                usual.port(),
                usual.idle(),
                usual.receive(),
                usual.stall(),
                config.requestTimeout(),
                config.shutdownTimeout(),
                usual.connectionsMax(),
                config.dcbTopic(),
                config.allowedOrigins(),
                tls);
    }

    /** @param self under the id it has in the cluster */
    static RaftConfig raft(NodeConfig config, Peer self, DataDirectory directory, @Nullable NodeTls tls, int shard) {
        List<Peer> members = directory.isFounding() ? config.nodes() : List.of(self);
        return new RaftConfig(
                self.id(),
                members.stream().map(Members::member).toList(),
                config.clusterId(),
                directory.raft(),
                config.raftBindHost(),
                new RaftConfig.Elections(config.electionTimeoutMin(), config.electionTimeoutMax()),
                config.requestTimeout(),
                new RaftConfig.Snapshots(
                        config.snapshotAfter().bytes(),
                        config.snapshotInterval(),
                        config.entriesKept(),
                        config.segmentSize().bytes()),
                config.diskFreeMin().bytes(),
                tls == null ? null : new RaftConfig.Tls(tls.keys(), tls.nodeTrust()),
                directory.isFounding(),
                new RaftConfig.Part(shard, config.shards()));
    }

    static CompactionWatch.Plan compaction(NodeConfig config) {
        return new CompactionWatch.Plan(
                config.compactionMinAge(), config.compactionDirtyPercent(), share(config, config.compactionSpeed()));
    }

    static Scrubber.Plan scrub(NodeConfig config) {
        return new Scrubber.Plan(config.scrubInterval(), Math.max(1, share(config, config.scrubSpeed())));
    }

    static Scavenger.Plan scavenge(NodeConfig config) {
        return new Scavenger.Plan(
                config.scavengeInterval(), config.scavengeLivePercent(), share(config, config.scavengeSpeed()));
    }

    /** Of what a node may read or send in a second, what is one shard's; 0, which has no bound, has none for a shard either. */
    static long share(NodeConfig config, ByteSize speed) {
        return speed.bytes() == 0 ? 0 : Math.max(1, speed.bytes() / config.shards());
    }
}
