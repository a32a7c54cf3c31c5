package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a consumer does with what it leases. */
final class GroupConsumerTest {
    private static final ConsumerOptions OPTIONS =
            ConsumerOptions.of("m").withThreads(2).withBackoff(Duration.ofSeconds(3), Duration.ofSeconds(10));

    private final FakeGroups groups = new FakeGroups();

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(60, TimeUnit.SECONDS), "nothing came");
    }

    @Test
    void whatIsHandledIsAckedAndWhatFailsIsNackedWithBackoff() throws InterruptedException {
        BlockingQueue<Long> handled = new LinkedBlockingQueue<>();
        try (GroupConsumer consumer = groups.consume("t", "g", OPTIONS, event -> {
            handled.add(event.position());
            if (event.event().key().equals("bad")) {
                throw new IllegalStateException("no paper");
            }
        })) {
            groups.put(HeldEventsTest.lease(1, "good"));
            assertThat(next(handled)).isEqualTo(10);
            assertThat(next(groups.settled))
                    .contains("token: 1", "positions: 10")
                    .doesNotContain("action");
            groups.put(HeldEventsTest.lease(2, "bad", "bad"));
            assertThat(next(handled)).isEqualTo(20);
            assertThat(next(groups.settled))
                    .contains("token: 2", "positions: 20", "action: NACK", "delay_ms: 3000", "no paper");
            assertThat(consumer).isNotNull();
        }
        assertThat(handled).isEmpty();
    }

    @Test
    void leasesAreExtendedWhileAHandlerWorksAndTheRestIsGivenBackOnClosing() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        BlockingQueue<Long> begun = new LinkedBlockingQueue<>();
        GroupConsumer consumer = groups.consume("t", "g", OPTIONS.withThreads(1), event -> {
            begun.add(event.position());
            goOn.await();
        });
        groups.put(HeldEventsTest.lease(1, "a", "b"));
        assertThat(next(begun)).isEqualTo(10);
        assertThat(next(groups.extended)).isEqualTo(1);
        Thread closing = new Thread(consumer::close);
        closing.start();
        assertThat(next(groups.settled)).contains("token: 1", "positions: 11", "action: RELEASE");
        goOn.countDown();
        assertThat(next(groups.settled)).contains("token: 1", "positions: 10").doesNotContain("action");
        closing.join();
        groups.put(HeldEventsTest.lease(2, "late"));
        assertThat(next(groups.settled)).contains("token: 2", "action: RELEASE");
    }
}
