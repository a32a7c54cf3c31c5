package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Committed;
import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.eckermann.protocol.v1.CursorTaken;
import io.eckermann.protocol.v1.RecordedEvent;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Consuming on the fake: what comes after the last event is not waited for. */
final class FakeConsumers extends ConsumersGrpc.ConsumersImplBase {
    private final FakeCluster cluster;

    FakeConsumers(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeFrame> answer) {
        return new Call(answer);
    }

    /** One call; guarded by the cluster. */
    private final class Call implements StreamObserver<ConsumeRequest> {
        private final StreamObserver<ConsumeFrame> answer;
        private String topic = "";
        private String name = "";
        private long seen;
        private long sent;

        Call(StreamObserver<ConsumeFrame> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(ConsumeRequest request) {
            synchronized (cluster) {
                if (name.isEmpty()) {
                    begin(request);
                } else {
                    returned(request.getPosition());
                }
            }
        }

        private void begin(ConsumeRequest request) {
            topic = request.getTopic();
            name = request.getConsumer() + "/" + topic;
            if (!cluster.logs.containsKey(topic)) {
                answer.onError(FakeErrors.error(ErrorCode.TOPIC_NOT_FOUND, Map.of()));
                return;
            }
            seen = cluster.cursors.getOrDefault(name, 0L);
            sent = request.getPosition() == 0 ? seen : request.getPosition() - 1;
            send();
        }

        private void returned(long position) {
            if (position != sent) {
                answer.onError(FakeErrors.error(ErrorCode.BAD_REQUEST, Map.of("sent", "" + sent)));
                return;
            }
            if (cluster.commitsLost > 0) {
                cluster.commitsLost--;
                answer.onError(FakeErrors.error(ErrorCode.NOT_READY, Map.of()));
                return;
            }
            long now = cluster.cursors.getOrDefault(name, 0L);
            if (now == seen) {
                cluster.cursors.put(name, position);
                answer.onNext(ConsumeFrame.newBuilder()
                        .setCommitted(Committed.newBuilder().setPosition(position))
                        .build());
            } else {
                answer.onNext(ConsumeFrame.newBuilder()
                        .setTaken(CursorTaken.newBuilder().setPosition(now))
                        .build());
                sent = now;
            }
            seen = cluster.cursors.getOrDefault(name, 0L);
            send();
        }

        private void send() {
            FakeCluster.Log log = cluster.topic(topic);
            if (sent == log.events.size()) {
                answer.onNext(ConsumeFrame.newBuilder()
                        .setCaughtUp(CaughtUp.newBuilder().setHead(sent))
                        .build());
                return;
            }
            sent++;
            answer.onNext(ConsumeFrame.newBuilder()
                    .setEvent(RecordedEvent.newBuilder()
                            .setPosition(sent)
                            .setRecordedNs(sent)
                            .setEvent(log.events.get((int) sent - 1)))
                    .build());
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }
}
