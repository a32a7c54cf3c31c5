package io.eckermann.bench.load;

import io.eckermann.bench.system.Sender;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Producers that wait for each acknowledgement before they send the next event. */
public final class SynchronousLoad extends Load {
    private static final long FAILURE_PAUSE_NS = 1_000_000;

    private final Payloads payloads;
    private final @Nullable Ledger ledger;

    /**
     * A load of one producer for each sender, which may be shared by several.
     *
     * @param ledger where acknowledged events are noted by producer and number, which their stamp then holds; or null
     */
    public SynchronousLoad(List<? extends Sender> senders, Payloads payloads, @Nullable Ledger ledger) {
        this.payloads = payloads;
        this.ledger = ledger;
        for (int i = 0; i < senders.size(); i++) {
            int producer = i;
            Tally tally = new Tally();
            add("producer " + i, tally, () -> produce(senders.get(producer), producer, tally));
        }
    }

    private void produce(Sender sender, int producer, Tally tally) {
        long firstPayload = producer * 37L;
        for (long n = 0; !stopped.get(); n++) {
            byte[] payload =
                    ledger == null ? payloads.at(firstPayload + n) : payloads.stamped(firstPayload + n, producer, n);
            long startNs = System.nanoTime();
            Reply reply = new Reply(Thread.currentThread());
            sender.send(payload, reply::came);
            Throwable failure = reply.await();
            long endNs = System.nanoTime();
            if (failure != null) {
                tally.failed(failure);
                // So that refusals that come at once don't keep the processor busy.
                LockSupport.parkNanos(FAILURE_PAUSE_NS);
                continue;
            }
            tally.took(payload.length, endNs - startNs);
            if (ledger != null) {
                ledger.acknowledged(producer, n, endNs);
            }
        }
    }

    /** Wakes the producer that waits for it. */
    private static final class Reply {
        private final Thread waiter;
        private volatile boolean done;
        private @Nullable Throwable failure;

        Reply(Thread waiter) {
            this.waiter = waiter;
        }

        void came(@Nullable Throwable result) {
            failure = result;
            done = true;
            LockSupport.unpark(waiter);
        }

        @Nullable
        Throwable await() {
            while (!done) {
                LockSupport.park(this);
            }
            return failure;
        }
    }
}
