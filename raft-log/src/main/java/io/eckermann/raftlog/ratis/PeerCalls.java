package io.eckermann.raftlog.ratis;

import java.util.EnumSet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How calls of the other members come in. Entries are taken on the network's own thread, which spares each a change of
 * threads: they are queued for the log there, and wait only when its queue is full. And whoever sent entries is named when
 * its call breaks off, as it does at once when its process dies.
 */
final class PeerCalls implements GrpcServices.Customizer {
    private static final String APPEND =
            RaftServerProtocolServiceGrpc.getAppendEntriesMethod().getFullMethodName();

    /** Members look that often whether a connection still leads to anybody; more than that would be abuse. */
    private static final long PINGS_ALLOWED_EVERY_S = 5;

    private final Consumer<String> broken;

    /**
     * @param broken gets the id of a member whose call of entries broke off; runs on a thread of the network
     */
    PeerCalls(Consumer<String> broken) {
        this.broken = broken;
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.intercept(new Watch())
                .callExecutor(PeerCalls::executorOf)
                .permitKeepAliveTime(PINGS_ALLOWED_EVERY_S, TimeUnit.SECONDS);
    }

    private static <Q, R> @Nullable Executor executorOf(ServerCall<Q, R> call, Metadata headers) {
        // Null stands for the usual threads: a vote, for one, is written to disk before its answer.
        return isAppend(call) ? Runnable::run : null;
    }

    private static boolean isAppend(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getFullMethodName().equals(APPEND);
    }

    private final class Watch implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            ServerCall.Listener<Q> listener = next.startCall(call, headers);
            return isAppend(call) ? new AppendCall<>(listener) : listener;
        }
    }

    private final class AppendCall<Q> extends SimpleForwardingServerCallListener<Q> {
        // Callbacks of one call do not overlap.
        private @Nullable String sender;

        AppendCall(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public void onMessage(Q message) {
            if (sender == null && message instanceof AppendEntriesRequestProto request) {
                sender = request.getServerRequest().getRequestorId().toStringUtf8();
            }
            super.onMessage(message);
        }

        @Override
        public void onCancel() {
            super.onCancel();
            if (sender != null) {
                broken.accept(sender);
            }
        }
    }
}
