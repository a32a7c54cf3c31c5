package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.chaos.Decision.Item;
import io.eckermann.chaos.Decision.Marks;
import io.eckermann.client.AppendOptions;
import io.eckermann.client.AppendResult;
import io.eckermann.client.Consistency;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Eight writers that append under conditions, each event with the {@link Decision} it rests on, and a judge that takes
 * the log alone for a witness. Every condition must have held where its append got its positions.
 */
final class Deciders implements AutoCloseable {
    private static final int WRITERS = 8;
    /** So many of them do not wait long for an answer, and so have to live with unknown outcomes. */
    private static final int HASTY = 2;

    private static final long PAUSE_NS = 1_000_000;

    private final EventStore store;
    private final String topic;
    private final List<Writer> writers = new ArrayList<>();
    private volatile boolean stopping;

    Deciders(EventStore patient, EventStore hasty, String topic) {
        this.store = patient;
        this.topic = topic;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i < HASTY ? hasty : patient, "w" + i, i));
        }
        writers.forEach(writer -> writer.thread.start());
    }

    /** Whether each writer has tried at least so many appends. */
    boolean haveTried(long appends) {
        return writers.stream().allMatch(writer -> writer.tried >= appends || writer.unexpected != null);
    }

    /** Appends nothing more and waits for the outcome of what is under way. */
    void finish() throws InterruptedException {
        stopping = true;
        for (Writer writer : writers) {
            writer.thread.join();
            if (writer.unexpected != null) {
                throw new AssertionError("A writer ended by something else than it expects", writer.unexpected);
            }
        }
    }

    /** Judges what every node holds. */
    void judge(Cluster cluster, String context) throws Exception {
        long head = store.topics().head(topic, Consistency.LINEARIZABLE).join().head();
        List<JsonNode> first = List.of();
        for (String id : cluster.ids()) {
            List<JsonNode> log = cluster.events(id, topic, head);
            assertThat(log.size()).as("%s: %s has all", context, id).isEqualTo((int) head);
            if (first.isEmpty()) {
                first = log;
                judge(log, context);
            }
            assertThat(log.equals(first))
                    .as("%s: %s holds the same", context, id)
                    .isTrue();
        }
        assertThat(writers).as(context).allSatisfy(writer -> {
            assertThat(writer.acknowledged).isNotEmpty();
            assertThat(writer.refused).isNotEmpty();
        });
    }

    private void judge(List<JsonNode> log, String context) {
        List<Marks> marks = log.stream()
                .map(event -> new Marks(event.path("type").asText(), Decision.texts(event.path("tags"))))
                .toList();
        Map<String, Long> firsts = new HashMap<>();
        Map<String, Long> events = new HashMap<>();
        for (JsonNode event : log) {
            Decision decision = Decision.of(event.path("data"));
            String append = decision.writer() + " " + decision.number();
            int part = event.path("data").path("part").asInt();
            long position = event.path("position").asLong();
            assertThat(events.put(append + " " + part, position))
                    .as("%s: the event at %d is there once", context, position)
                    .isNull();
            if (part == 0) {
                firsts.put(append, position);
                assertThat(IntStream.range((int) decision.after(), (int) position - 1)
                                .filter(index -> decision.matches(marks.get(index)))
                                .mapToObj(index -> log.get(index).toString()))
                        .as("%s: events that speak against %s, which was accepted", context, event)
                        .isEmpty();
            } else {
                assertThat(firsts.get(append))
                        .as("%s: the events of an append are side by side, at %d", context, position)
                        .isEqualTo(position - part);
            }
        }
        for (Writer writer : writers) {
            writer.judge(firsts, context);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }

    @Override
    public String toString() {
        return String.join(", ", writers.stream().map(Writer::toString).toList());
    }

    /** One of them; its fields are read by others when its thread has ended. */
    private final class Writer {
        private final EventStore door;
        private final String name;
        private final Random random;
        private final Thread thread;
        private final Map<Long, Long> acknowledged = new HashMap<>();
        private final List<Long> refused = new ArrayList<>();
        private final List<Long> unknown = new ArrayList<>();
        private volatile @Nullable Throwable unexpected;
        private volatile long tried;
        /** The last head that an answer told. */
        private long head;

        Writer(EventStore door, String name, long seed) {
            this.door = door;
            this.name = name;
            this.random = new Random(seed);
            this.thread = new Thread(this::run, "decider " + name);
            this.thread.setDaemon(true);
        }

        private void run() {
            try {
                for (long number = 1; !stopping; number++) {
                    decide(number);
                    tried = number;
                    LockSupport.parkNanos(PAUSE_NS);
                }
            } catch (RuntimeException e) {
                unexpected = e;
            }
        }

        private void decide(long number) {
            List<Item> items = Decision.anyItems(random);
            Decision decision = new Decision(name, number, after(items), items);
            List<Event> events = IntStream.range(0, 1 + random.nextInt(2))
                    .mapToObj(part -> {
                        Marks marks = Marks.any(random);
                        return Event.builder()
                                .type(marks.type())
                                .tags(marks.tags())
                                .payload(decision.json(part))
                                .build();
                    })
                    .toList();
            AppendOptions condition = AppendOptions.builder()
                    .failIfEventsMatch(Decision.query(items), decision.after())
                    .build();
            try {
                AppendResult result = door.append(topic, events, condition).join();
                acknowledged.put(number, result.first());
                head = result.head();
            } catch (CompletionException e) {
                note(number, e);
            }
        }

        private void note(long number, CompletionException e) {
            if (!(e.getCause() instanceof EckermannException failure)) {
                throw e;
            }
            (failure.outcomeUnknown() ? unknown : refused).add(number);
            if (failure instanceof EckermannException.ConditionFailed failed) {
                head = failed.head();
            } else if (!(failure instanceof EckermannException.Unavailable)) {
                throw e;
            }
        }

        /** Mostly what was heard last, or a little before; at times the last event that matches, found by a read. */
        private long after(List<Item> items) {
            if (random.nextInt(10) > 0) {
                return Math.max(0, head - random.nextInt(4));
            }
            ReadOptions last = ReadOptions.builder()
                    .query(Decision.query(items))
                    .backward()
                    .limit(1)
                    .build();
            try (EventStream found = door.open(topic, last)) {
                return found.hasNext() ? found.next().position() : 0;
            } catch (EckermannException.Unavailable e) {
                return head;
            }
        }

        void judge(Map<String, Long> firsts, String context) {
            Map<Long, Long> lost = new HashMap<>(acknowledged);
            lost.entrySet().removeIf(ack -> ack.getValue().equals(firsts.get(name + " " + ack.getKey())));
            assertThat(lost)
                    .as("%s: acknowledged appends that are not where they were said to be, of %s", context, this)
                    .isEmpty();
            assertThat(refused)
                    .as("%s: refused appends that are there, of %s", context, this)
                    .noneMatch(number -> firsts.containsKey(name + " " + number));
        }

        @Override
        public String toString() {
            return name + ": " + acknowledged.size() + " acknowledged, " + refused.size() + " refused, "
                    + unknown.size() + " unknown";
        }
    }
}
