package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.statemachine.command.Operation;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream does with appends that a producer sent behind one that was refused for the moment. */
class AppendStreamOrderTest {
    private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    private LogDoor door;
    private StreamObserver<AppendRequest> requests;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor();
        door.memory.newTopic("orders");
        requests = LogGrpc.newStub(door.channel).appendStream(new StreamObserver<>() {
            @Override
            public void onNext(AppendResult result) {
                results.add(result.hasAppended() ? "done" : result.getProblem().getCode());
            }

            @Override
            public void onError(Throwable failure) {
                results.add(String.valueOf(failure));
            }

            @Override
            public void onCompleted() {}
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void whatComesBehindAnOverloadedAppendOfItsProducerIsNotProposedUntilThatComesAgain() throws Exception {
        assertThat(sent("a", 1)).isEqualTo("done");
        door.memory.refusal = ErrorCode.OVERLOADED;
        assertThat(sent("a", 2)).isEqualTo("OVERLOADED");
        door.memory.refusal = null;
        assertThat(sent("a", 3)).isEqualTo("OVERLOADED");
        assertThat(sent("a", 4)).isEqualTo("OVERLOADED");
        assertThat(sent("b", 1)).as("another producer's").isEqualTo("done");
        assertThat(sent("", 0)).as("nobody's").isEqualTo("done");
        assertThat(sent("a", 2)).isEqualTo("done");
        assertThat(sent("a", 3)).isEqualTo("done");
        assertThat(sequencesOf("a")).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatComesBehindAnExpiredAppendOfItsProducerIsNotProposed() throws Exception {
        CompletableFuture<Void> election = new CompletableFuture<>();
        door.memory.hold = election;
        requests.onNext(append("a", 1));
        Answers.await(() -> door.memory.submittedCount() == 1);
        door.memory.hold = CompletableFuture.completedFuture(null);
        election.completeExceptionally(new StoreException(ErrorCode.NO_LEADER, "No leader in time."));
        assertThat(result()).isEqualTo("NO_LEADER");
        assertThat(sent("a", 2)).isEqualTo("NO_LEADER");
        assertThat(sent("a", 1)).isEqualTo("done");
        assertThat(sent("a", 2)).isEqualTo("done");
    }

    @Test
    void whatWasRefusedForWhatItIsHoldsUpNobody() throws Exception {
        door.memory.refusal = ErrorCode.COMMIT_TIMED_OUT;
        assertThat(sent("a", 1)).isEqualTo("COMMIT_TIMED_OUT");
        door.memory.refusal = ErrorCode.BAD_REQUEST;
        assertThat(sent("a", 2)).isEqualTo("BAD_REQUEST");
        door.memory.refusal = null;
        assertThat(sent("a", 3)).isEqualTo("done");
    }

    private String sent(String producer, long sequence) throws InterruptedException {
        requests.onNext(append(producer, sequence));
        return result();
    }

    private String result() throws InterruptedException {
        return String.valueOf(results.poll(60, TimeUnit.SECONDS));
    }

    private static AppendRequest append(String producer, long sequence) {
        AppendRequest.Builder request = LogDoor.append("orders", 3).toBuilder();
        return producer.isEmpty()
                ? request.build()
                : request.setProducer(Producer.newBuilder().setId(producer).setSequence(sequence))
                        .build();
    }

    private Iterable<Long> sequencesOf(String producer) {
        synchronized (door.memory) {
            return door.memory.submitted.stream()
                    .map(operation -> ((Operation.Append) operation).producer())
                    .filter(by -> by != null && by.producer().equals(producer))
                    .map(Operation.ProducerSequence::sequence)
                    .toList();
        }
    }
}
