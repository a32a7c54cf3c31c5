package io.eckermann.bench.load;

import io.eckermann.bench.system.Sender;
import java.util.List;

/** Producers that send on while earlier events are under way, each up to its window. */
public final class PipelinedLoad extends Load {
    private final Payloads payloads;
    private final int window;

    /**
     * A load of one producer for each list of senders, which it uses in turn.
     *
     * @param window events under way per producer
     */
    public PipelinedLoad(List<List<Sender>> producers, Payloads payloads, int window) {
        this.payloads = payloads;
        this.window = window;
        for (int i = 0; i < producers.size(); i++) {
            List<Sender> senders = producers.get(i);
            long firstPayload = (long) i * payloads.size() / producers.size();
            Tally tally = new Tally();
            add("producer " + i, tally, () -> produce(senders, firstPayload, tally));
        }
    }

    private void produce(List<Sender> senders, long firstPayload, Tally tally) {
        Window open = new Window(window);
        for (long n = 0; open.enter(stopped); n++) {
            byte[] payload = payloads.at(firstPayload + n);
            long startNs = System.nanoTime();
            senders.get((int) (n % senders.size())).send(payload, failure -> {
                if (failure == null) {
                    tally.took(payload.length, System.nanoTime() - startNs);
                } else {
                    tally.failed(failure);
                }
                open.leave();
            });
        }
        open.awaitEmpty(LAST_ACKS.toNanos());
    }
}
