package io.eckermann.gateway.node;

import io.eckermann.gateway.grpc.GrpcDoorConfig;
import io.eckermann.gateway.http.HttpDoorConfig;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.raftlog.Member;
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

    static RaftConfig raft(NodeConfig config, DataDirectory directory, @Nullable NodeTls tls) {
        List<Member> members = config.nodes().stream()
                .map(node -> new Member(node.id(), node.raft().toString()))
                .toList();
        return new RaftConfig(
                config.self().id(),
                members,
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
                tls == null ? null : new RaftConfig.Tls(tls.keys(), tls.nodeTrust()));
    }
}
