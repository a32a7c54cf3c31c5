package org.apache.ratis.grpc.server;

import java.io.Closeable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.grpc.util.StreamObserverWithTimeout;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexReplyProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc.RaftServerProtocolServiceStub;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.util.ServerStringUtils;
import org.apache.ratis.thirdparty.io.grpc.ConnectivityState;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.NegotiationType;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.AbstractStub;
import org.apache.ratis.thirdparty.io.grpc.stub.CallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.util.NettyUtils;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * This node's two connections to another one, for heartbeats and for all else, in place of Ratis's, which waits on the
 * network for as long as the kernel does. A pod that was replaced has another address: whoever connects to the old one when
 * nobody has it any more hears nothing, and would wait for half a minute, although the name leads to the new one by then;
 * and a connection that was open when a machine was lost would stay so for a quarter of an hour. A leader with such a
 * connection sends its follower nothing in that time.
 *
 * <p>Safe from any thread.
 */
final class GrpcServerProtocolClient implements Closeable {
    /** Far above the time to any machine within reach; names are looked up again after it. */
    private static final int CONNECT_MS_MAX = 1_000;

    /** The least that gRPC takes. */
    private static final long PING_EVERY_S = 10;

    /** Where the kernel can do so, also the time within which whatever is sent must be confirmed. */
    private static final long CONFIRMED_WITHIN_S = 2;

    /** Each time names are looked up again. */
    private static final long RECONNECT_NS_MIN = 100_000_000;

    private final AtomicLong reconnectedNs = new AtomicLong(System.nanoTime() - RECONNECT_NS_MIN);
    private final ManagedChannel calls;
    private final @Nullable ManagedChannel heartbeats;
    private final RaftServerProtocolServiceStub stub;
    private final RaftServerProtocolServiceStub heartbeatStub;
    private final TimeDuration requestTimeout;

    /** As Ratis makes one; it has one connection for calls, whatever the number of connections. */
    GrpcServerProtocolClient(
            RaftPeer target,
            int connections,
            int flowControlWindow,
            TimeDuration requestTimeout,
            @Nullable SslContext tls,
            boolean separateHeartbeats,
            @Nullable EventLoopGroup loops) {
        this.requestTimeout = requestTimeout;
        this.calls = channel(target, flowControlWindow, tls, loops);
        this.stub = RaftServerProtocolServiceGrpc.newStub(calls);
        this.heartbeats = separateHeartbeats ? channel(target, flowControlWindow, tls, loops) : null;
        this.heartbeatStub = heartbeats == null ? stub : RaftServerProtocolServiceGrpc.newStub(heartbeats);
    }

    private static ManagedChannel channel(
            RaftPeer target, int flowControlWindow, @Nullable SslContext tls, @Nullable EventLoopGroup loops) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target.getAddress())
                // Members are never behind a proxy of HTTP.
                .proxyDetector(address -> null)
                .disableRetry()
                .flowControlWindow(flowControlWindow)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS_MAX)
                .keepAliveTime(PING_EVERY_S, TimeUnit.SECONDS)
                .keepAliveTimeout(CONFIRMED_WITHIN_S, TimeUnit.SECONDS);
        if (tls == null) {
            builder.negotiationType(NegotiationType.PLAINTEXT);
        } else {
            builder.useTransportSecurity().sslContext(tls);
        }
        if (loops != null) {
            builder.channelType(NettyUtils.getSocketChannelClass(loops)).eventLoopGroup(loops);
        }
        return builder.build();
    }

    private <S extends AbstractStub<S>> S inTime(S any) {
        return any.withDeadlineAfter(requestTimeout.getDuration(), requestTimeout.getUnit());
    }

    RequestVoteReplyProto requestVote(RequestVoteRequestProto request) {
        reconnect();
        return inTime(RaftServerProtocolServiceGrpc.newBlockingStub(calls)).requestVote(request);
    }

    /**
     * After each failure gRPC lets more time pass before it connects again, up to two minutes, and calls fail at once
     * meanwhile. A node that was cut off for a while would get no vote, and read nothing that is certain, long after the
     * others are back.
     */
    private void reconnect() {
        long nowNs = System.nanoTime();
        long lastNs = reconnectedNs.get();
        if (calls.getState(false) == ConnectivityState.TRANSIENT_FAILURE
                && nowNs - lastNs >= RECONNECT_NS_MIN
                && reconnectedNs.compareAndSet(lastNs, nowNs)) {
            calls.resetConnectBackoff();
        }
    }

    StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request) {
        return inTime(RaftServerProtocolServiceGrpc.newBlockingStub(calls)).startLeaderElection(request);
    }

    void readIndex(ReadIndexRequestProto request, StreamObserver<ReadIndexReplyProto> reply) {
        reconnect();
        inTime(stub).readIndex(request, reply);
    }

    CallStreamObserver<AppendEntriesRequestProto> appendEntries(
            StreamObserver<AppendEntriesReplyProto> replies, boolean heartbeat) {
        return (CallStreamObserver<AppendEntriesRequestProto>)
                (heartbeat ? heartbeatStub : stub).appendEntries(replies);
    }

    StreamObserver<InstallSnapshotRequestProto> installSnapshot(
            String name, TimeDuration timeout, int limit, StreamObserver<InstallSnapshotReplyProto> replies) {
        return StreamObserverWithTimeout.newInstance(
                name,
                ServerStringUtils::toInstallSnapshotRequestString,
                () -> timeout,
                limit,
                interceptor -> stub.withInterceptors(interceptor).installSnapshot(replies));
    }

    /** Connects now where it would wait a while after failures. */
    void resetConnectBackoff() {
        calls.resetConnectBackoff();
        if (heartbeats != null) {
            heartbeats.resetConnectBackoff();
        }
    }

    @Override
    public void close() {
        if (heartbeats != null) {
            GrpcUtil.shutdownManagedChannel(heartbeats);
        }
        GrpcUtil.shutdownManagedChannel(calls);
    }
}
