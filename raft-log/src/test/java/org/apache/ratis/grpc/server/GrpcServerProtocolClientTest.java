package org.apache.ratis.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.StockClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;

class GrpcServerProtocolClientTest {
    /** The network would be waited for up to three times as long. */
    private static final long PATIENCE_S = 10;

    @Test
    void itHasWhatRatisCallsOfTheOneItStandsInFor() throws Exception {
        Set<String> missing = StockClass.missingIn(GrpcServerProtocolClient.class);
        // The pool is its own affair.
        missing.removeIf(member -> member.startsWith("newGrpcStubPool"));
        assertThat(missing).isEmpty();
    }

    @Test
    void addressThatNobodyHasAnyMoreIsNotWaitedForLong() throws Exception {
        try (Silent silent = new Silent();
                GrpcServerProtocolClient client = new GrpcServerProtocolClient(
                        RaftPeer.newBuilder()
                                .setId("n1")
                                .setAddress(silent.address())
                                .build(),
                        1,
                        1 << 20,
                        TimeDuration.valueOf(3, TimeUnit.SECONDS),
                        null,
                        true,
                        null)) {
            for (boolean heartbeat : new boolean[] {true, false}) {
                CompletableFuture<Throwable> failed = new CompletableFuture<>();
                client.appendEntries(new Failure(failed), heartbeat);
                assertThat(failed.get(PATIENCE_S, TimeUnit.SECONDS))
                        .matches(failure -> Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE);
            }
        }
    }

    private record Failure(CompletableFuture<Throwable> failed) implements StreamObserver<AppendEntriesReplyProto> {
        @Override
        public void onNext(AppendEntriesReplyProto reply) {
            failed.completeExceptionally(new AssertionError("somebody answered"));
        }

        @Override
        public void onError(Throwable failure) {
            failed.complete(failure);
        }

        @Override
        public void onCompleted() {
            failed.completeExceptionally(new AssertionError("somebody ended it"));
        }
    }

    /** Takes no connection, and says nothing to who asks for one: its queue is full. */
    private static final class Silent implements AutoCloseable {
        private final ServerSocket socket;
        private final List<SocketChannel> waiting = new ArrayList<>();

        Silent() throws IOException {
            socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            while (isConnected()) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()));
                waiting.add(channel);
            }
        }

        private boolean isConnected() throws IOException {
            try (Socket one = new Socket()) {
                one.connect(new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort()), 200);
                return true;
            } catch (java.net.SocketTimeoutException e) {
                return false;
            }
        }

        String address() {
            return socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
            socket.close();
        }
    }
}
