package io.eckermann.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.bench.system.Acknowledgement;
import io.eckermann.bench.system.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LoadTest {
    private static final Payloads PAYLOADS = Payloads.random(1024);

    /** Keeps acknowledgements back until asked. */
    private static final class HeldSender implements Sender {
        final Queue<Acknowledgement> held = new ConcurrentLinkedQueue<>();
        final CountDownLatch full;
        final AtomicInteger sent = new AtomicInteger();
        volatile boolean open;

        HeldSender(int fullAfter) {
            full = new CountDownLatch(fullAfter);
        }

        @Override
        public void send(byte[] payload, Acknowledgement acknowledgement) {
            sent.incrementAndGet();
            if (open) {
                acknowledgement.done(null);
            } else {
                held.add(acknowledgement);
            }
            full.countDown();
        }

        void release() {
            open = true;
            for (Acknowledgement next = held.poll(); next != null; next = held.poll()) {
                next.done(null);
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void pipelinedProducerStopsAtItsWindowAndCountsEveryAcknowledgement() throws Exception {
        HeldSender sender = new HeldSender(10);
        PipelinedLoad load = new PipelinedLoad(List.of(List.of(sender)), PAYLOADS, 10);

        load.start();
        assertThat(sender.full.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(load.tallies().events()).isZero();
        assertThat(sender.sent).hasValue(10);
        sender.release();
        load.stop();

        assertThat(load.tallies().events()).isEqualTo(sender.sent.get());
        assertThat(load.tallies().bytes()).isEqualTo(sender.sent.get() * 1024L);
        assertThat(load.tallies().takeLatencyNs().getTotalCount()).isEqualTo(sender.sent.get());
    }

    @Test
    void failuresAreCountedApartFromEvents() throws Exception {
        CountDownLatch failed = new CountDownLatch(3);
        Sender failing = new Sender() {
            @Override
            public void send(byte[] payload, Acknowledgement acknowledgement) {
                acknowledgement.done(new IllegalStateException("refused"));
                failed.countDown();
            }

            @Override
            public void close() {}
        };
        SynchronousLoad load = new SynchronousLoad(List.of(failing), PAYLOADS, null);

        load.start();
        assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
        load.stop();

        assertThat(load.tallies().events()).isZero();
        assertThat(load.tallies().failures()).isGreaterThanOrEqualTo(3);
        assertThat(load.tallies().firstFailure()).get().asString().contains("refused");
    }

    @Test
    void ledgerTellsLostRepeatedAndForeignEvents() {
        Ledger ledger = new Ledger(2);
        ledger.acknowledged(0, 0, 1);
        ledger.acknowledged(0, 1, 2);
        ledger.acknowledged(1, 0, 3);

        ledger.read(PAYLOADS, ByteBuffer.wrap(PAYLOADS.stamped(5, 0, 0)));
        ledger.read(PAYLOADS, ByteBuffer.wrap(PAYLOADS.stamped(5, 0, 0)));
        ledger.read(PAYLOADS, ByteBuffer.wrap(PAYLOADS.stamped(7, 1, 0)));
        byte[] damaged = PAYLOADS.stamped(8, 0, 1);
        damaged[500] ^= 1;
        ledger.read(PAYLOADS, ByteBuffer.wrap(damaged));

        assertThat(ledger.acknowledged()).isEqualTo(3);
        assertThat(ledger.lost()).isEqualTo(1);
        assertThat(ledger.duplicates()).isEqualTo(1);
        assertThat(ledger.foreign()).isEqualTo(1);
    }

    @Test
    void jsonPayloadsAreDistinctAndOfTheSizeAskedFor() {
        Payloads json = Payloads.json(1024);
        List<String> some = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            some.add(new String(json.at(i), java.nio.charset.StandardCharsets.UTF_8));
        }

        assertThat(some).doesNotHaveDuplicates().allSatisfy(text -> {
            assertThat(text.length()).isBetween(900, 1024);
            assertThat(text).startsWith("{\"id\":").endsWith("]}");
        });
    }
}
