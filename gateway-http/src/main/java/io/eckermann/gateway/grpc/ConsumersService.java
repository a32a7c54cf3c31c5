package io.eckermann.gateway.grpc;

import io.eckermann.gateway.consume.CommitOutcome;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.consume.ConsumeStart;
import io.eckermann.gateway.consume.Consumption;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Committed;
import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.eckermann.protocol.v1.CursorTaken;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.RecordedEvent;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code eckermann.v1.Consumers}. Closing it ends its open streams. */
public final class ConsumersService extends ConsumersGrpc.ConsumersImplBase implements AutoCloseable {
    private final ConsumeHandler consumers;
    private final OpenStreams streams = new OpenStreams();

    public ConsumersService(ConsumeHandler consumers) {
        this.consumers = consumers;
    }

    @Override
    public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeFrame> observer) {
        ConsumeCall<ConsumeRequest, ConsumeFrame> call = new ConsumeCall<>(
                consumers, new Dialect(), (ServerCallStreamObserver<ConsumeFrame>) observer, streams::over);
        streams.opened(call);
        call.start();
        return call;
    }

    @Override
    public void close() {
        streams.close();
    }

    private static final class Dialect implements ConsumeDialect<ConsumeRequest, ConsumeFrame> {
        private ConsumeRequest asked = ConsumeRequest.getDefaultInstance();

        @Override
        public ConsumeStart start(ConsumeRequest first) {
            asked = first;
            if (first.getPosition() < 0) {
                throw bad("position", "A position to begin at is 1 or more; 0 begins behind the cursor.");
            }
            return new ConsumeStart(
                    first.getTopic(),
                    first.getConsumer(),
                    first.getPosition() == 0 ? OptionalLong.empty() : OptionalLong.of(first.getPosition()),
                    OptionalLong.empty(),
                    true,
                    first.getHeartbeatMillis());
        }

        @Override
        public CompletableFuture<CommitOutcome> commit(
                ConsumeRequest returned, RecordedEvent sent, Consumption consumption) {
            if (returned.getPosition() != sent.getPosition()) {
                throw bad("position", "Return the position of the event that was sent last.")
                        .with("sent", sent.getPosition())
                        .with("position", returned.getPosition());
            }
            same("topic", returned.getTopic(), asked.getTopic());
            same("consumer", returned.getConsumer(), asked.getConsumer());
            return consumption.commit();
        }

        private static void same(String field, String now, String first) {
            if (!now.isEmpty() && !now.equals(first)) {
                throw bad(field, "A call is about one topic and one consumer, which the first request names.");
            }
        }

        private static StoreException bad(String field, String message) {
            return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
        }

        @Override
        public Optional<ConsumeFrame> event(RecordedEvent event) {
            return Optional.of(ConsumeFrame.newBuilder().setEvent(event).build());
        }

        @Override
        public Optional<ConsumeFrame> outcome(CommitOutcome outcome) {
            ConsumeFrame.Builder frame = ConsumeFrame.newBuilder();
            if (outcome instanceof CommitOutcome.Done done) {
                frame.setCommitted(Committed.newBuilder().setPosition(done.position()));
            } else if (outcome instanceof CommitOutcome.Taken taken) {
                frame.setTaken(CursorTaken.newBuilder().setPosition(taken.position()));
            } else if (outcome instanceof CommitOutcome.Failed failed) {
                frame.setNotCommitted(GrpcErrors.toProblem(failed.why()));
            }
            return Optional.of(frame.build());
        }

        @Override
        public Optional<ConsumeFrame> caughtUp(CaughtUp caughtUp) {
            return Optional.of(ConsumeFrame.newBuilder().setCaughtUp(caughtUp).build());
        }

        @Override
        public Optional<ConsumeFrame> heartbeat(Heartbeat heartbeat) {
            return Optional.of(ConsumeFrame.newBuilder().setHeartbeat(heartbeat).build());
        }

        @Override
        public @Nullable StatusRuntimeException atEnd() {
            return null;
        }

        @Override
        public StatusRuntimeException failure(StoreException failure) {
            return GrpcErrors.toStatus(failure);
        }
    }
}
