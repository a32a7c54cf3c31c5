package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many appends of a stream are under way at once, and how they are answered. */
class AppendStreamTest {
    private LogDoor door;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor();
        door.memory.newTopic("orders");
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void answersInOrderAndOutlivesAProblem() {
        CompletableFuture<List<AppendResult>> results = new CompletableFuture<>();
        StreamObserver<AppendRequest> requests = LogGrpc.newStub(door.channel).appendStream(collect(results));
        Stream.of("orders", "orders", "nothing", "bad name", "orders")
                .map(topic -> LogDoor.append(topic, 3))
                .forEach(requests::onNext);
        requests.onCompleted();
        assertThat(Answers.of(results))
                .extracting(result -> result.hasAppended()
                        ? "at " + result.getAppended().getFirst()
                        : result.getProblem().getCode())
                .containsExactly("at 1", "at 2", "TOPIC_NOT_FOUND", "BAD_TOPIC_NAME", "at 3");
    }

    @Test
    void takesNoMoreThanItsWindow() {
        CompletableFuture<Void> hold = new CompletableFuture<>();
        door.memory.hold = hold;
        CompletableFuture<List<AppendResult>> results = new CompletableFuture<>();
        StreamObserver<AppendRequest> requests = LogGrpc.newStub(door.channel).appendStream(collect(results));
        for (int i = 0; i < 500; i++) {
            requests.onNext(LogDoor.append("orders", 3));
        }
        requests.onCompleted();
        // A call that is answered after the window was filled shows that the stream's requests had their chance.
        Answers.await(() -> door.memory.submittedCount() >= 64);
        var unused = door.log()
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build());
        assertThat(door.memory.submittedCount()).isEqualTo(64);
        door.memory.hold = CompletableFuture.completedFuture(null);
        hold.complete(null);
        assertThat(Answers.of(results)).hasSize(500).allMatch(AppendResult::hasAppended);
    }

    @Test
    void busyNodeReadsOneAppendOfAFurtherStreamAndTheRestLater() {
        door.log().append(LogDoor.append("orders", 3));
        CompletableFuture<Void> hold = new CompletableFuture<>();
        door.memory.hold = hold;
        CompletableFuture<List<AppendResult>> large = new CompletableFuture<>();
        StreamObserver<AppendRequest> first = LogGrpc.newStub(door.channel).appendStream(collect(large));
        for (int i = 0; i < 20; i++) {
            first.onNext(LogDoor.append("orders", 900_000));
        }
        first.onCompleted();
        Answers.await(() -> door.memory.submittedCount() == 1 + 10);
        CompletableFuture<List<AppendResult>> small = new CompletableFuture<>();
        StreamObserver<AppendRequest> second = LogGrpc.newStub(door.channel).appendStream(collect(small));
        for (int i = 0; i < 20; i++) {
            second.onNext(LogDoor.append("orders", 3));
        }
        second.onCompleted();
        Answers.await(() -> door.memory.submittedCount() == 1 + 11);
        // Answered after what the second stream sent was there to be read.
        var unused = door.log()
                .getHead(GetHeadRequest.newBuilder().setTopic("orders").build());
        assertThat(door.memory.submittedCount()).isEqualTo(1 + 11);
        door.memory.hold = CompletableFuture.completedFuture(null);
        hold.complete(null);
        assertThat(Answers.of(large)).hasSize(20).allMatch(AppendResult::hasAppended);
        assertThat(Answers.of(small)).hasSize(20).allMatch(AppendResult::hasAppended);
    }

    private static <T> StreamObserver<T> collect(CompletableFuture<List<T>> all) {
        List<T> values = new ArrayList<>();
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                values.add(value);
            }

            @Override
            public void onError(Throwable failure) {
                all.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                all.complete(values);
            }
        };
    }
}
