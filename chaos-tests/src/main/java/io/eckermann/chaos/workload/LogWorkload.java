package io.eckermann.chaos.workload;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.AppendResult;
import io.eckermann.client.Consistency;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.TopicSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * W2: topics as logs. Producers append numbers that come once, alone and in batches; readers page through them, linearizable
 * and not, and others follow. A send is {@code [:send k [numbers]]}, and when it is done {@code [:send k [[position number] …]]};
 * a poll finds {@code {k [[position number] …]}}.
 */
public final class LogWorkload implements Workload {
    private static final int TOPICS = 3;
    private static final int PAGE = 50;
    private static final Duration LIVE_WAIT = Duration.ofMillis(300);

    private final AtomicLong numbers = new AtomicLong();
    private final List<String> topics =
            IntStream.rangeClosed(1, TOPICS).mapToObj(i -> "log-" + i).toList();

    @Override
    public String name() {
        return "W2 log";
    }

    @Override
    public void prepare(EventStore store) {
        for (String topic : topics) {
            store.topics().create(topic, TopicSettings.DEFAULTS).join();
        }
    }

    @Override
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (String topic : topics) {
            turns.add(caller -> send(topic, caller));
            turns.add(new Pager(topic, Consistency.LINEARIZABLE));
            turns.add(new Follower(topic));
        }
        turns.add(caller -> send(caller.choices().one(topics), caller));
        turns.add(new Pager(topics.get(0), Consistency.LOCAL));
        return turns;
    }

    private void send(String topic, Caller caller) throws InterruptedException {
        int count = batch(caller);
        List<Long> batch = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = numbers.incrementAndGet();
            batch.add(number);
            events.add(Event.of(Long.toString(number)));
        }
        boolean conditional = caller.choices().percent(20);
        Optional<AppendResult> unused = caller.act(
                "send",
                List.of(topic, batch),
                () -> conditional
                        ? caller.store()
                                .append(
                                        topic,
                                        events,
                                        AppendOptions.builder()
                                                .fence("f" + topic, 1)
                                                .build())
                                .join()
                        : caller.store().append(topic, events).join(),
                done -> List.of(topic, placed(batch, done.first())));
    }

    private static int batch(Caller caller) {
        int lot = caller.choices().below(10);
        return lot < 6
                ? 1
                : lot < 9 ? caller.choices().between(2, 12) : caller.choices().between(20, 40);
    }

    private static List<List<Long>> placed(List<Long> batch, long first) {
        return IntStream.range(0, batch.size())
                .mapToObj(i -> List.of(first + i, batch.get(i)))
                .toList();
    }

    private static List<Long> entry(RecordedEvent event) {
        return List.of(event.position(), Long.parseLong(event.event().payloadText()));
    }

    /** Reads a page after the other, and begins anew somewhere now and then. */
    private static final class Pager implements Turn {
        private final String topic;
        private final Consistency consistency;
        private long next = 1;

        Pager(String topic, Consistency consistency) {
            this.topic = topic;
            this.consistency = consistency;
        }

        @Override
        public void take(Caller caller) throws InterruptedException {
            long from = next;
            boolean leaps = caller.choices().percent(3) && from > 1;
            long start = leaps ? 1 + caller.choices().below(from) : from;
            ReadOptions page = ReadOptions.builder()
                    .after(start - 1)
                    .atLeast(start - 1)
                    .limit(PAGE)
                    .consistency(consistency)
                    .build();
            String operation = consistency == Consistency.LINEARIZABLE ? "poll" : "poll-local";
            next = caller.look(
                            operation,
                            Map.of("from", start, "topic", topic, "leap", leaps),
                            () -> read(caller.store(), page),
                            read -> Map.of("from", start, "topic", topic, "leap", leaps, "events", read))
                    .filter(read -> !read.isEmpty())
                    .map(read -> read.get(read.size() - 1).get(0) + 1)
                    .orElse(start);
        }

        private List<List<Long>> read(EventStore store, ReadOptions page) {
            try (EventStream events = store.open(topic, page)) {
                List<List<Long>> read = new ArrayList<>();
                while (events.hasNext()) {
                    read.add(entry(events.next()));
                }
                return read;
            }
        }
    }

    /** Follows from the beginning, through every reconnection. */
    private static final class Follower implements Turn {
        private final String topic;
        private long last;
        private @org.jspecify.annotations.Nullable EventStream stream;

        Follower(String topic) {
            this.topic = topic;
        }

        @Override
        public void take(Caller caller) throws InterruptedException {
            EventStream open = stream;
            long after = last;
            boolean fresh = open == null;
            if (open == null) {
                open = caller.store()
                        .open(
                                topic,
                                ReadOptions.builder()
                                        .after(after)
                                        .atLeast(after)
                                        .follow()
                                        .consistency(Consistency.LOCAL)
                                        .build());
                stream = open;
            }
            EventStream events = open;
            Optional<List<List<Long>>> read = caller.look(
                    "follow",
                    Map.of("from", after + 1, "topic", topic, "fresh", fresh),
                    () -> collect(events),
                    found -> Map.of("from", after + 1, "topic", topic, "fresh", fresh, "events", found));
            if (read.isEmpty()) {
                events.close();
                stream = null;
            } else if (!read.get().isEmpty()) {
                last = read.get().get(read.get().size() - 1).get(0);
                // The crash of a subscriber, which goes on with what it has noted.
                if (caller.choices().percent(1)) {
                    events.close();
                    stream = null;
                }
            }
        }

        private static List<List<Long>> collect(EventStream events) {
            List<List<Long>> read = new ArrayList<>();
            Optional<RecordedEvent> next = events.poll(LIVE_WAIT);
            while (next.isPresent() && read.size() < 200) {
                read.add(entry(next.get()));
                next = events.poll(Duration.ofMillis(20));
            }
            // One that came as the last must not be forgotten.
            next.ifPresent(event -> read.add(entry(event)));
            return read;
        }
    }

    @Override
    public List<String> topics() {
        return topics;
    }
}
