package io.eckermann.bench.load;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** What one producer or reader counts. Counted by any thread, read by any. */
public final class Tally {
    private static final int DIGITS = 3;

    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private final Recorder latencyNs = new Recorder(DIGITS);

    /** An event came through. */
    public void took(int payloadBytes, long tookNs) {
        events.increment();
        bytes.add(payloadBytes);
        latencyNs.recordValue(Math.max(0, tookNs));
    }

    /** Some events came through whose time nobody asks for. */
    public void count(int some, long payloadBytes) {
        events.add(some);
        bytes.add(payloadBytes);
    }

    /** An event was refused, or nobody knows what became of it. */
    public void failed(Throwable failure) {
        failures.increment();
        firstFailure.compareAndSet(null, failure);
    }

    public long events() {
        return events.sum();
    }

    public long bytes() {
        return bytes.sum();
    }

    public long failures() {
        return failures.sum();
    }

    /** Null when nothing failed. */
    public @Nullable Throwable firstFailure() {
        return firstFailure.get();
    }

    /** The times since this was last called, in nanoseconds. */
    public Histogram takeLatencyNs() {
        return latencyNs.getIntervalHistogram();
    }
}
