package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NodeThreadsTest {
    private final Semaphore gate = new Semaphore(0);

    @Test
    void tooManyWaitingReadsAreRefusedAsOverloaded() {
        try (NodeThreads threads = new NodeThreads("n1")) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i <= 2 * NodeThreads.READS_WAITING_MAX; i++) {
                            threads.reads().execute(gate::acquireUninterruptibly);
                        }
                    })
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED));
            threads.streams().execute(() -> {});
            gate.release(Integer.MAX_VALUE / 2);
        }
    }

    @Test
    void whatIsDoneNowAndThenGoesOnAfterAFailure() throws Exception {
        AtomicInteger times = new AtomicInteger();
        CountDownLatch again = new CountDownLatch(3);
        try (NodeThreads threads = new NodeThreads("n1")) {
            var unused = threads.every(1, () -> {
                again.countDown();
                throw new IllegalStateException("failure " + times.incrementAndGet() + " of a test");
            });
            assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
