package io.eckermann.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.internal.v1.GetStatusResponse;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.ScrubResponse;
import io.eckermann.raftlog.CommandLog;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes handed on from one node to a leader whose log waits for the test. */
final class PeersServiceTest {
    private static final Operation WRITE = new Operation.DeleteTopic(1);

    private static final HostPort NOWHERE = new HostPort("127.0.0.1", 1);
    private static final Peer N2 = new Peer("n2", NOWHERE, NOWHERE, NOWHERE);

    @TempDir
    Path root;

    private final HeldLog log = new HeldLog();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @SuppressWarnings("NullAway.Init") // made before each test
    private PeersService service;

    @SuppressWarnings("NullAway.Init") // started before each test
    private Server server;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private PeerChannels channels;

    @BeforeEach
    void start() throws Exception {
        PeerChannels none = new PeerChannels(new Members(N2, List.of()), Runnable::run, null);
        service = new PeersService(
                new Greetings(root.resolve("greetings"), "eckermann", "", new Members(N2, List.of()), 1),
                GetStatusResponse::getDefaultInstance,
                List.of(new LeaderRoute("n2", log, () -> null, new Forwarding(none), timer)),
                List.of(new SnapshotSender(
                        "eckermann", directory -> null, segment -> {}, root.resolve("pins"), Runnable::run, 0)),
                request -> ScavengeResponse.getDefaultInstance(),
                new PeerCommands(new PeerStatus(none), "n2"),
                new Mending(
                        "eckermann", List.of(addresses -> List.of()), request -> ScrubResponse.getDefaultInstance()),
                Runnable::run);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        HostPort here = new HostPort("127.0.0.1", server.getPort());
        channels = new PeerChannels(
                new Members(new Peer("n1", here, here, here), List.of(new Peer("n2", here, here, here))),
                Runnable::run,
                null);
    }

    @AfterEach
    void stop() throws Exception {
        channels.close();
        assertThat(server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        timer.shutdownNow();
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeTheStreamEnds() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        CompletableFuture<Result> underWay = stream.submit(WRITE).result();
        CompletableFuture<Result> held = log.held.poll(30, TimeUnit.SECONDS);
        assertThat(held).isNotNull();

        service.close();
        CompletableFuture<Result> late = stream.submit(WRITE).result();
        assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS))
                .as("certainly not done, so it may be tried elsewhere")
                .hasMessageContaining("NOT_READY");

        held.complete(new Result.Done());
        assertThat(underWay.get(30, TimeUnit.SECONDS)).isEqualTo(new Result.Done());
        assertThat(log.held).isEmpty();
    }

    @Test
    void sequenceOfSubmissionsIsKept() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        for (long id = 1; id <= 500; id++) {
            CompletableFuture<Result> unused =
                    stream.submit(new Operation.DeleteTopic(id)).result();
        }
        for (long id = 1; id <= 500; id++) {
            assertThat(log.submitted.poll(30, TimeUnit.SECONDS)).isEqualTo(new Operation.DeleteTopic(id));
        }
    }

    private static final class HeldLog implements CommandLog {
        private final BlockingQueue<CompletableFuture<Result>> held = new LinkedBlockingQueue<>();
        private final BlockingQueue<Operation> submitted = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<Result> submit(Operation operation) {
            CompletableFuture<Result> result = new CompletableFuture<>();
            submitted.add(operation);
            held.add(result);
            return result;
        }

        @Override
        public Leadership leadership() {
            return new Leadership(Leadership.Role.LEADER, 1, "n2", true, 0, 0, -1);
        }

        @Override
        public CompletableFuture<Void> linearizable() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
