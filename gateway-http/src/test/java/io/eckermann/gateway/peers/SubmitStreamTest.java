package io.eckermann.gateway.peers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.Outcome;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.internal.v1.Submission;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.grpc.Context;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream of submissions to a node that does as it is told. */
final class SubmitStreamTest {
    private static final Operation WRITE = new Operation.DeleteTopic(1);

    private final BlockingQueue<StreamObserver<Outcome>> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Submission> received = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // started before each test
    private Server server;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private PeerChannels channels;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new PeersGrpc.PeersImplBase() {
                    @Override
                    public StreamObserver<Submission> submit(StreamObserver<Outcome> outcomes) {
                        opened.add(outcomes);
                        return new Receiving();
                    }
                })
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
    }

    @Test
    void outcomesAreMatchedByNumber() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        SubmitStream.Handed first = stream.submit(WRITE);
        SubmitStream.Handed second = stream.submit(WRITE);
        StreamObserver<Outcome> outcomes = listen();
        long firstNumber = received().getNumber();
        long secondNumber = received().getNumber();

        outcomes.onNext(Outcome.newBuilder()
                .setNumber(secondNumber)
                .setProblem(Problems.encode(new StoreException(ErrorCode.DISK_FULL, "Full.").with("free", 1)))
                .build());
        outcomes.onNext(Outcome.newBuilder()
                .setNumber(firstNumber)
                .setResult(CommandCodec.encode(new Result.Done()))
                .build());

        assertThat(first.result().get(30, TimeUnit.SECONDS)).isEqualTo(new Result.Done());
        assertThat(failure(second.result()).code()).isEqualTo(ErrorCode.DISK_FULL);
        assertThat(failure(second.result()).facts()).containsEntry("free", "1");
    }

    @Test
    void whatWasSentBeforeTheBreakIsOfUnknownOutcome() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        SubmitStream.Handed handed = stream.submit(WRITE);
        StreamObserver<Outcome> outcomes = listen();
        assertThat(received().getNumber()).isPositive();

        assertThat(handed.withdraw()).as("it is gone").isFalse();
        outcomes.onError(Status.UNAVAILABLE.asRuntimeException());

        assertThat(failure(handed.result()).code()).isEqualTo(ErrorCode.LEADER_CHANGED);
        assertThat(stream.isOver()).isTrue();
        assertThat(failure(stream.submit(WRITE).result()).code()).isEqualTo(ErrorCode.NOT_LEADER);
    }

    @Test
    void theStreamOutlivesTheCallThatOpenedIt() throws Exception {
        AtomicReference<SubmitStream> made = new AtomicReference<>();
        Context.CancellableContext call = Context.current().withCancellation();
        call.run(() -> made.set(SubmitStream.open("n2", channels, 0)));
        SubmitStream stream = requireNonNull(made.get());
        SubmitStream.Handed others = stream.submit(WRITE);
        StreamObserver<Outcome> outcomes = listen();
        long number = received().getNumber();

        call.cancel(null);
        outcomes.onNext(Outcome.newBuilder()
                .setNumber(number)
                .setResult(CommandCodec.encode(new Result.Done()))
                .build());

        assertThat(others.result().get(30, TimeUnit.SECONDS)).isEqualTo(new Result.Done());
        assertThat(stream.isOver()).isFalse();
    }

    @Test
    void whatWasNeverSentWasNotDone() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        SubmitStream.Handed waiting = stream.submit(WRITE);
        SubmitStream.Handed withdrawn = stream.submit(WRITE);
        StreamObserver<Outcome> outcomes = requireNonNull(opened.poll(30, TimeUnit.SECONDS));

        assertThat(withdrawn.withdraw()).isTrue();
        outcomes.onError(Status.UNAVAILABLE.asRuntimeException());

        assertThat(failure(waiting.result()).code()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(received).isEmpty();
    }

    @Test
    void moreThanMayBeInFlightIsRefused() throws Exception {
        SubmitStream stream = SubmitStream.open("n2", channels, 0);
        for (int i = 0; i < SubmitStream.IN_FLIGHT_MAX; i++) {
            assertThat(stream.submit(WRITE).result()).isNotDone();
        }

        assertThat(failure(stream.submit(WRITE).result()).code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    private StreamObserver<Outcome> listen() throws Exception {
        StreamObserver<Outcome> outcomes = requireNonNull(opened.poll(30, TimeUnit.SECONDS));
        outcomes.onNext(Outcome.newBuilder().setNumber(0).build());
        return outcomes;
    }

    private Submission received() throws Exception {
        return requireNonNull(received.poll(30, TimeUnit.SECONDS));
    }

    private static StoreException failure(CompletableFuture<Result> failed) throws Exception {
        try {
            throw new AssertionError("it did not fail but gave " + failed.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return (StoreException) requireNonNull(e.getCause());
        }
    }

    private final class Receiving implements StreamObserver<Submission> {
        @Override
        public void onNext(Submission submission) {
            received.add(submission);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
