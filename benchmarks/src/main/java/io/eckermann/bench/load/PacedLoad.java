package io.eckermann.bench.load;

import io.eckermann.bench.system.EventSink;
import io.eckermann.bench.system.Sender;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * One producer that sends at a steady rate whatever comes back, and the reader that gets its events. What it tallies is
 * delivered events, and the time from when each was meant to be sent to when the reader had it.
 */
public final class PacedLoad extends Load {
    private final Sender sender;
    private final Payloads payloads;
    private final int perSecond;
    private final Tally delivered = new Tally();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private long next;

    public PacedLoad(Sender sender, Payloads payloads, int perSecond) {
        this.sender = sender;
        this.payloads = payloads;
        this.perSecond = perSecond;
        add("pacer", delivered, this::produce);
    }

    /** Where the reader puts what it gets. */
    public EventSink sink() {
        return this::deliver;
    }

    /** Events acknowledged to the producer. */
    public long acknowledged() {
        return acknowledged.sum();
    }

    /** Events that did not come right after their predecessor: lost, repeated or swapped. */
    public long outOfOrder() {
        return outOfOrder.sum();
    }

    /** Delivered events whose bytes were not those sent. */
    public long damaged() {
        return damaged.sum();
    }

    /** Waits until the reader has got all that was acknowledged, at most so long. */
    public void awaitDelivery(long atMostNs) {
        long end = System.nanoTime() + atMostNs;
        while (delivered.events() < acknowledged() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void produce() {
        OpenLoopSchedule schedule = new OpenLoopSchedule(System.nanoTime(), perSecond);
        Window open = new Window(Integer.MAX_VALUE);
        for (long n = 0; open.enter(stopped); n++) {
            long intendedNs = schedule.timeOf(n);
            for (long early = intendedNs - System.nanoTime(); early > 0; early = intendedNs - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            sender.send(payloads.stamped(n, intendedNs, n), failure -> {
                if (failure == null) {
                    acknowledged.increment();
                } else {
                    delivered.failed(failure);
                }
                open.leave();
            });
        }
        open.awaitEmpty(LAST_ACKS.toNanos());
    }

    /** Called by the reader's one thread. */
    private void deliver(int events, ByteBuffer payload) {
        long nowNs = System.nanoTime();
        int at = payload.position();
        long n = payload.getLong(at + Long.BYTES);
        delivered.took(payload.remaining(), nowNs - payload.getLong(at));
        if (n != next) {
            outOfOrder.increment();
        }
        if (!payloads.contains(payload)) {
            damaged.increment();
        }
        next = n + 1;
    }
}
