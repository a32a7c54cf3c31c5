package io.eckermann.bench.shards;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** How a leader makes entries of requests, as the node's batcher does: few in flight, the last of them well filled. One thread. */
final class Batch {
    static final double ENTRY_BYTES = (1 << 20) - (16 << 10);
    private static final int IN_FLIGHT = 4;
    private static final int SMALL_IN_FLIGHT = 2;

    private final Proposer proposer;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private double waitingBytes;
    private int inFlight;

    private record Request(double bytes, Runnable answered) {}

    /** Takes an entry, and whom to tell once it is applied. */
    interface Proposer {
        void propose(double bytes, List<Runnable> answers);
    }

    Batch(Proposer proposer) {
        this.proposer = proposer;
    }

    void add(double bytes, Runnable answered) {
        waiting.add(new Request(bytes, answered));
        waitingBytes += bytes;
        propose();
    }

    /** An entry's place is free. */
    void answered() {
        inFlight--;
        propose();
    }

    private void propose() {
        while (!waiting.isEmpty()
                && inFlight < IN_FLIGHT
                && (inFlight < SMALL_IN_FLIGHT || waitingBytes >= ENTRY_BYTES / 4)) {
            double bytes = 0;
            List<Runnable> answers = new ArrayList<>();
            for (Request next = waiting.peek();
                    next != null && (answers.isEmpty() || bytes + next.bytes() <= ENTRY_BYTES);
                    next = waiting.peek()) {
                waiting.remove();
                bytes += next.bytes();
                answers.add(next.answered());
            }
            waitingBytes -= bytes;
            inFlight++;
            proposer.propose(bytes, answers);
        }
    }
}
