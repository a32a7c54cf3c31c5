package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.transport.AppendPipe;
import io.eckermann.client.transport.Failure;
import io.eckermann.client.transport.FakePipes;
import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.v1.Encoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private final List<Long> sent = new ArrayList<>();
    private final List<Runnable> work = new ArrayList<>();
    private final List<Failure> broken = new ArrayList<>();
    private final Outbox outbox = new Outbox("orders", work::add, (pipe, failure) -> broken.add(failure));
    private final AppendPipe pipe = FakePipes.to(request -> {
        long number = request.getProducer().getSequence();
        if (number == 13) {
            throw new AssertionError("unlucky");
        }
        sent.add(number);
    });

    @Test
    void anErrorWhileSendingBreaksThePipeAndTheNextBatchLeaves() {
        put(13, 1);
        put(14, 1);
        outbox.send();
        put(15, 1);
        outbox.send();
        assertThat(broken).hasSize(1);
        assertThat(broken.get(0).cause()).hasMessage("unlucky");
        assertThat(sent).containsExactly(14L, 15L);
    }

    @Test
    void theTransportEncodesNothingLargeAlsoBehindSomethingSmall() {
        put(1, 1);
        put(2, 64 << 10);
        put(3, 1);
        outbox.sendFromTransport();
        assertThat(sent).containsExactly(1L);
        assertThat(work).hasSize(1);
        work.get(0).run();
        assertThat(sent).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatCannotBeEncodedIsToldByWhoeverSendsItAndNotByWhoeverFilledIt() {
        Batch broken = new Batch(0, new AdaptiveCompression(Encoding.PLAIN), List.of());
        broken.add(Collections.singletonList(null), 1, new PositionFuture());
        broken.seal();
        broken.encodeAhead();
        assertThat(broken.isEncoded()).isFalse();
        outbox.put(pipe, broken, "p");
        put(2, 1);
        outbox.send();
        assertThat(this.broken).hasSize(1);
        assertThat(sent).containsExactly(2L);
    }

    private void put(long number, int bytes) {
        Batch batch = new Batch(0, new AdaptiveCompression(Encoding.PLAIN), List.of());
        Event event = Event.of(new byte[bytes]);
        batch.add(List.of(event), Batch.size(event), new PositionFuture());
        batch.seal();
        batch.sequence = number;
        outbox.put(pipe, batch, "p");
    }
}
