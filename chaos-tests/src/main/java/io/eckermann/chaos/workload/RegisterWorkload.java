package io.eckermann.chaos.workload;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.Consistency;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * W1: the head of a topic is a register. Its value is the number in the last event; an append is a write, an append that
 * expects the head is a compare-and-set, and the value of an empty topic is 0. A key has few calls, because the check is
 * dear; then the next key begins.
 */
public final class RegisterWorkload implements Workload {
    private static final int KEYS_AT_ONCE = 2;
    private static final int THREADS_PER_KEY = 3;
    private static final int CALLS_MAX = 200;
    private static final int UNKNOWN_MAX = 6;
    private static final ReadOptions LAST =
            ReadOptions.builder().last(1).consistency(Consistency.LINEARIZABLE).build();

    /** What a reader saw at the head. */
    private record Head(long value, long position) {}

    /** One register, until it has had enough calls. Its topic is made by the thread that began it. */
    private static final class Key {
        private final String name;
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger unknown = new AtomicInteger();

        Key(String name) {
            this.name = name;
        }

        String topic() {
            return "reg-" + name;
        }

        boolean isUsedUp() {
            return calls.get() >= CALLS_MAX || unknown.get() >= UNKNOWN_MAX;
        }
    }

    private final AtomicLong values = new AtomicLong();
    private final AtomicInteger names = new AtomicInteger();
    private final List<Key> current = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();

    @Override
    public String name() {
        return "W1 register";
    }

    @Override
    public void prepare(EventStore store) {
        for (int i = 0; i < KEYS_AT_ONCE; i++) {
            current.add(begin(store));
        }
    }

    private Key begin(EventStore store) {
        Key key = new Key(Integer.toString(names.incrementAndGet()));
        store.topics().create(key.topic()).join();
        synchronized (topics) {
            topics.add(key.topic());
        }
        return key;
    }

    @Override
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < KEYS_AT_ONCE * THREADS_PER_KEY; i++) {
            int place = i % KEYS_AT_ONCE;
            Head[] seen = {new Head(0, 0)};
            Key[] of = new Key[1];
            turns.add(caller -> {
                Optional<Key> key = key(place, caller);
                if (key.isEmpty()) {
                    return;
                }
                if (key.get() != of[0]) {
                    of[0] = key.get();
                    seen[0] = new Head(0, 0);
                }
                seen[0] = turn(key.get(), seen[0], caller);
            });
        }
        return turns;
    }

    /** The key in use; empty while none can be begun, because the cluster takes no writes. */
    private synchronized Optional<Key> key(int place, Caller caller) {
        if (current.get(place).isUsedUp()) {
            try {
                current.set(place, begin(caller.store()));
            } catch (CompletionException e) {
                return Optional.empty();
            }
        }
        return Optional.of(current.get(place));
    }

    private Head turn(Key key, Head seen, Caller caller) throws InterruptedException {
        key.calls.incrementAndGet();
        int dead = caller.process();
        int choice = caller.choices().below(10);
        Head now = choice < 4 ? read(key, seen, caller) : write(key, seen, caller, choice < 6);
        if (dead != caller.process()) {
            key.unknown.incrementAndGet();
        }
        return now;
    }

    private Head read(Key key, Head seen, Caller caller) throws InterruptedException {
        return caller.look(
                        "read",
                        list(key.name, null, null),
                        () -> {
                            try (EventStream events = caller.store().open(key.topic(), LAST)) {
                                if (!events.hasNext()) {
                                    return new Head(0, 0);
                                }
                                RecordedEvent last = events.next();
                                return new Head(Long.parseLong(last.event().payloadText()), last.position());
                            }
                        },
                        head -> list(key.name, head.value(), head.position()))
                .orElse(seen);
    }

    private Head write(Key key, Head seen, Caller caller, boolean whatever) throws InterruptedException {
        long value = values.incrementAndGet();
        Event event = Event.of(Long.toString(value));
        Object written = whatever ? value : List.of(seen.value(), value);
        AppendOptions.Builder options = AppendOptions.builder();
        if (!whatever) {
            options.expectedHead(seen.position());
        }
        // One that failed because of its condition reads next time what there is.
        return caller.act(
                        whatever ? "write" : "cas",
                        list(key.name, written, null),
                        () -> caller.store()
                                .append(key.topic(), List.of(event), options.build())
                                .join(),
                        done -> list(key.name, written, done.first()))
                .map(done -> new Head(value, done.first()))
                .orElseGet(() -> seen);
    }

    private static List<Object> list(
            String key, @org.jspecify.annotations.Nullable Object value, @org.jspecify.annotations.Nullable Object at) {
        List<Object> list = new ArrayList<>();
        list.add(key);
        addTo(list, value);
        addTo(list, at);
        return list;
    }

    @SuppressWarnings("NullAway") // EDN has nil, and a list that holds it
    private static void addTo(List<Object> list, @org.jspecify.annotations.Nullable Object value) {
        list.add(value);
    }

    @Override
    public List<String> topics() {
        synchronized (topics) {
            return List.copyOf(topics);
        }
    }
}
