package org.apache.ratis.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
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

    private static GrpcServerProtocolClient client(String address) {
        return new GrpcServerProtocolClient(
                RaftPeer.newBuilder().setId("n1").setAddress(address).build(),
                1,
                1 << 20,
                TimeDuration.valueOf(3, TimeUnit.SECONDS),
                null,
                true,
                null);
    }

    @Test
    void addressThatNobodyHasAnyMoreIsNotWaitedForLong() throws Exception {
        try (Silent silent = new Silent();
                GrpcServerProtocolClient client = client(silent.address())) {
            for (boolean heartbeat : new boolean[] {true, false}) {
                CompletableFuture<Throwable> failed = new CompletableFuture<>();
                client.appendEntries(new Failure<>(failed), heartbeat);
                assertThat(failed.get(PATIENCE_S, TimeUnit.SECONDS))
                        .matches(failure -> Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE);
            }
        }
    }

    /** As those of a node are that stands for election over and over while the others are away. */
    @Test
    void votesAreAskedForWithoutThePausesThatGrow() throws Exception {
        assertConnectsOverAndOver(client -> {
            assertThatThrownBy(() -> client.requestVote(RequestVoteRequestProto.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class);
        });
    }

    @Test
    void readsAreAskedForWithoutThePausesThatGrow() throws Exception {
        assertConnectsOverAndOver(client -> {
            CompletableFuture<Throwable> failed = new CompletableFuture<>();
            client.readIndex(ReadIndexRequestProto.getDefaultInstance(), new Failure<>(failed));
            failed.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
        });
    }

    /** With gRPC's pauses the last connection would come after 16 s. */
    private static void assertConnectsOverAndOver(Consumer<GrpcServerProtocolClient> call) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                GrpcServerProtocolClient client = client("127.0.0.1:" + socket.getLocalPort())) {
            AtomicInteger connections = new AtomicInteger();
            Thread ends = new Thread(() -> endEach(socket, connections), "ends each connection");
            ends.setDaemon(true);
            ends.start();
            long startNs = System.nanoTime();
            while (connections.get() < 6) {
                assertThat(System.nanoTime() - startNs).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_S));
                call.accept(client);
            }
        }
    }

    private static void endEach(ServerSocket socket, AtomicInteger connections) {
        try {
            while (true) {
                socket.accept().close();
                connections.incrementAndGet();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private record Failure<R>(CompletableFuture<Throwable> failed) implements StreamObserver<R> {
        @Override
        public void onNext(R reply) {
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
