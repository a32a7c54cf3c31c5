package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcDoorTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final GrpcDoor door = door(0);
    private ManagedChannel channel = channel(1);

    private GrpcDoor door(int port) {
        AppendHandler appends = new AppendHandler(memory.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        ReadHandler reads = new ReadHandler(memory.shard(), threads.reads, threads.reads, threads.timer);
        return new GrpcDoor(
                GrpcDoorConfig.at("127.0.0.1", port),
                List.of(
                        new LogService(appends, reads),
                        new TopicsService(
                                new TopicHandler(memory.shard(), threads.reads),
                                new EventHandler(memory.shard(), threads.reads)),
                        new CursorsService(new CursorHandler(memory.shard(), threads.reads, Clock.systemUTC())),
                        new ClusterService(
                                new OneNode(),
                                (request, timeout) -> new CompletableFuture<>(),
                                (request, timeout) -> new CompletableFuture<>(),
                                (request, timeout) -> new CompletableFuture<>(),
                                memory.shard())));
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private record OneNode() implements ClusterHandler {
        @Override
        public ClusterView view() {
            return ClusterView.newBuilder().setAnsweredBy("n1").build();
        }

        @Override
        public Optional<String> notReadyReason() {
            return Optional.empty();
        }

        @Override
        public Optional<String> leaderHttpAddress() {
            return Optional.empty();
        }

        @Override
        public ClusterCommands commands() {
            throw new AssertionError("nothing is done here");
        }
    }

    @BeforeEach
    void start() throws IOException {
        door.start();
        channel.shutdownNow();
        channel = channel(door.port());
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(60, TimeUnit.SECONDS);
        door.close();
        threads.close();
    }

    @Test
    void everyServiceAnswers() {
        assertThat(TopicsGrpc.newBlockingStub(channel)
                        .createTopic(CreateTopicRequest.newBuilder()
                                .setName("orders")
                                .build())
                        .getCreated())
                .isTrue();
        assertThat(log().append(LogDoor.append("orders", 3)).getFirst()).isEqualTo(1);
        assertThat(CursorsGrpc.newBlockingStub(channel)
                        .commitCursor(CommitCursorRequest.newBuilder()
                                .setTopic("orders")
                                .setConsumer("audit")
                                .setPosition(1)
                                .build())
                        .getLag())
                .isZero();
        assertThat(ClusterGrpc.newBlockingStub(channel)
                        .getCluster(GetClusterRequest.getDefaultInstance())
                        .getAnsweredBy())
                .isEqualTo("n1");
        Iterator<ReadFrame> frames =
                log().read(ReadRequest.newBuilder().setTopic("orders").build());
        assertThat(frames)
                .toIterable()
                .extracting(ReadFrame::getFrameCase)
                .containsExactly(
                        ReadFrame.FrameCase.STARTED, ReadFrame.FrameCase.EVENTS, ReadFrame.FrameCase.CAUGHT_UP);
    }

    @Test
    void errorCarriesCodeAndFacts() throws InvalidProtocolBufferException {
        StatusRuntimeException failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> log().append(LogDoor.append("nothing", 3)));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        List<Any> details = StatusProto.fromThrowable(failure).getDetailsList();
        ErrorInfo info = details.get(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("TOPIC_NOT_FOUND");
        assertThat(info.getDomain()).isEqualTo("eckermann.io");
        assertThat(info.getMetadataMap()).containsEntry("topic", "nothing");
        assertThat(details).hasSize(1);
    }

    @Test
    void readOfAnUnknownTopicFailsTheStream() {
        Iterator<ReadFrame> frames =
                log().read(ReadRequest.newBuilder().setTopic("nothing").build());
        assertThat(catchThrowableOfType(StatusRuntimeException.class, frames::next)
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void everyErrorHasAStatusAndTheRetryableOnesSayWhen() throws InvalidProtocolBufferException {
        for (ErrorCode code : ErrorCode.values()) {
            StatusRuntimeException status = GrpcErrors.toStatus(new StoreException(code, "Why."));
            assertThat(status.getStatus().getCode().name()).isEqualTo(code.grpcStatus());
            List<Any> details = StatusProto.fromThrowable(status).getDetailsList();
            assertThat(details).hasSize(code.retryable() ? 2 : 1);
            if (code.retryable()) {
                RetryInfo retry = details.get(1).unpack(RetryInfo.class);
                assertThat(retry.getRetryDelay().getSeconds()
                                + retry.getRetryDelay().getNanos())
                        .isPositive();
            }
        }
    }

    @Test
    void slowReaderPullsNothing() {
        memory.newTopic("orders");
        for (int i = 0; i < 60; i++) {
            log().append(LogDoor.append("orders", 900_000));
        }
        Iterator<ReadFrame> frames =
                log().read(ReadRequest.newBuilder().setTopic("orders").build());
        assertThat(frames.next().hasStarted()).isTrue();
        // The transport holds what it was given; the topic as a whole is far more than it takes.
        for (int i = 0; i < 50; i++) {
            log().append(LogDoor.append("orders", 1));
        }
        assertThat(memory.pages.get()).isLessThan(40);
        long events = 0;
        while (frames.hasNext()) {
            events += frames.next().getEvents().getEventsCount();
        }
        assertThat(events).isEqualTo(60);
    }

    @Test
    void cancelledFollowStopsListening() throws Exception {
        memory.newTopic("orders");
        Context.CancellableContext context = Context.current().withCancellation();
        ReadRequest follow =
                ReadRequest.newBuilder().setTopic("orders").setFollow(true).build();
        Iterator<ReadFrame> frames = context.call(() -> log().read(follow));
        assertThat(frames.next().hasStarted()).isTrue();
        assertThat(frames.next().hasCaughtUp()).isTrue();
        context.cancel(null);
        assertThatThrownBy(() -> frames.forEachRemaining(frame -> {})).isInstanceOf(StatusRuntimeException.class);
        // The server learns of it a moment later; from then on no append makes it look.
        Answers.await(() -> {
            int pages = memory.pages.get();
            for (int i = 0; i < 20; i++) {
                log().append(LogDoor.append("orders", 3));
            }
            return memory.pages.get() == pages;
        });
    }

    @Test
    void stoppingEndsOpenStreamsSoon() throws InterruptedException {
        memory.newTopic("orders");
        Iterator<ReadFrame> frames = log().read(ReadRequest.newBuilder()
                .setTopic("orders")
                .setFollow(true)
                .build());
        assertThat(frames.next().hasStarted()).isTrue();
        assertThat(frames.next().hasCaughtUp()).isTrue();
        door.stop(Duration.ofSeconds(60));
        assertThat(catchThrowableOfType(StatusRuntimeException.class, frames::next)
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void deadlineOfTheCallerIsKept() {
        memory.newTopic("orders");
        memory.hold = new CompletableFuture<>();
        assertThat(catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> log().withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                                        .append(LogDoor.append("orders", 3)))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void healthIsWhatItWasTold() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
        door.serving(true);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(HealthCheckRequest.newBuilder()
                                .setService("eckermann.v1.Log")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void reflectionNamesTheServices() throws InterruptedException {
        ServerReflectionResponse response = new Dialogue<ServerReflectionRequest, ServerReflectionResponse>(
                        ServerReflectionGrpc.newStub(channel)::serverReflectionInfo)
                .send(ServerReflectionRequest.newBuilder().setListServices("").build())
                .halfClose()
                .next();
        assertThat(response.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("eckermann.v1.Log", "eckermann.v1.Topics", "eckermann.v1.Cursors", "eckermann.v1.Cluster");
    }

    @Test
    void portInUseIsSaidClearly() {
        GrpcDoor second = door(door.port());
        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("port " + door.port() + " on 127.0.0.1 is in use: ");
        second.close();
    }

    private LogGrpc.LogBlockingStub log() {
        return LogGrpc.newBlockingStub(channel);
    }
}
