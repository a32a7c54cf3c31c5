package io.eckermann.chaos.workload;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.AppendResult;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * W7: appends with an idempotency key, sent again on purpose: at once, after a while, and again and again until they are
 * acknowledged. Each is to be there once, at one position.
 */
public final class RetryWorkload implements Workload {
    private static final String TOPIC = "once";
    private static final int THREADS = 2;
    private static final int REMEMBERED = 2_000;

    @Override
    public String name() {
        return "W7 idempotency";
    }

    @Override
    public void prepare(EventStore store) {
        store.topics().create(TOPIC).join();
    }

    @Override
    public List<Turn> turns() {
        return java.util.stream.IntStream.rangeClosed(1, THREADS)
                .<Turn>mapToObj(Retrier::new)
                .toList();
    }

    /** Used by one thread. */
    private static final class Retrier implements Turn {
        private final long base;
        private final Deque<Long> sent = new ArrayDeque<>();
        private long number;

        Retrier(int thread) {
            this.base = thread * 1_000_000_000L;
        }

        @Override
        public void take(Caller caller) throws InterruptedException {
            // Of those sent before, the oldest remembered are from before the last faults.
            boolean again = !sent.isEmpty() && caller.choices().percent(50);
            long key = again ? caller.choices().percent(50) ? sent.getFirst() : sent.getLast() : base + ++number;
            Optional<AppendResult> unused = caller.act(
                    "once",
                    List.of(key),
                    () -> caller.store()
                            .append(
                                    TOPIC,
                                    List.of(Event.of(Long.toString(key))),
                                    AppendOptions.builder()
                                            .idempotencyKey("k" + key)
                                            .build())
                            .join(),
                    done -> List.of(key, done.first()));
            if (!again) {
                sent.addLast(key);
            }
            if (sent.size() > REMEMBERED || caller.choices().percent(2)) {
                sent.pollFirst();
            }
        }
    }

    @Override
    public List<String> topics() {
        return List.of(TOPIC);
    }
}
