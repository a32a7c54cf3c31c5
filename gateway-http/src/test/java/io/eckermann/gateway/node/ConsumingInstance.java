package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.grpc.Dialogue;
import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.grpc.Channel;
import java.util.List;

/** One of several instances of a consumer, which handles one event after the other. */
final class ConsumingInstance {
    private final Dialogue<ConsumeRequest, ConsumeFrame> call;

    ConsumingInstance(Channel node, String topic, String consumer) {
        call = new Dialogue<ConsumeRequest, ConsumeFrame>(
                        ConsumersGrpc.newStub(node).withWaitForReady()::consume)
                .send(ConsumeRequest.newBuilder()
                        .setTopic(topic)
                        .setConsumer(consumer)
                        .build());
    }

    /** Returns the event that has come, if it has, and hears what became of it; adds its position once committed. */
    void step(List<Long> committed) throws InterruptedException {
        ConsumeFrame event = call.poll(1);
        if (event != null && event.hasEvent()) {
            call.send(ConsumeRequest.newBuilder()
                    .setPosition(event.getEvent().getPosition())
                    .build());
            ConsumeFrame outcome = call.next();
            if (outcome.hasCommitted()) {
                committed.add(outcome.getCommitted().getPosition());
            } else {
                assertThat(outcome.getTaken().getPosition())
                        .isGreaterThanOrEqualTo(event.getEvent().getPosition());
            }
        }
    }

    /** Says that it wants no more, which ends the call well. */
    void finish() throws Exception {
        assertThat(call.halfClose().status().isOk()).isTrue();
    }
}
