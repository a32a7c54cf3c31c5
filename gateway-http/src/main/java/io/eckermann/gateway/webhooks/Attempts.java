package io.eckermann.gateway.webhooks;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of attempts to send events from this node. Safe from any thread. */
public final class Attempts {
    /** Filled before its first use. */
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    Attempts() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    /** What an attempt came to. */
    public enum Outcome {
        /** The receiver took the event. */
        DELIVERED,
        /** It is tried again. */
        FAILED,
        /** It is given up. */
        PARKED,
        /** The receiver wants no more. */
        GONE
    }

    void count(Outcome outcome) {
        adder(outcome).increment();
    }

    public long of(Outcome outcome) {
        return adder(outcome).sum();
    }

    private LongAdder adder(Outcome outcome) {
        return Objects.requireNonNull(counts.get(outcome));
    }
}
