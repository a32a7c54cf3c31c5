package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a node holds of a topic, to be judged against what was acknowledged. */
record History(List<Recorded> events) {
    /** One event: who appended it, and its number there. */
    record Recorded(long position, long recordedNs, String producer, long number) {
        static Recorded of(long position, long recordedNs, String payload) {
            String[] parts = payload.split(" ", 3);
            return new Recorded(position, recordedNs, parts[0], Long.parseLong(parts[1]));
        }
    }

    static History of(List<JsonNode> lines) {
        List<Recorded> events = new ArrayList<>();
        for (JsonNode line : lines) {
            String payload = line.has("data")
                    ? line.path("data").asText()
                    : new String(
                            java.util.Base64.getDecoder()
                                    .decode(line.path("data_base64").asText()),
                            java.nio.charset.StandardCharsets.UTF_8);
            events.add(Recorded.of(
                    line.path("position").asLong(), line.path("recorded_ns").asLong(), payload));
        }
        return new History(events);
    }

    /** Positions from 1 without a gap, times strictly rising, no event twice. */
    void assertWhole(String context) {
        long before = 0;
        Map<String, Map<Long, Long>> seen = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Recorded event = events.get(i);
            assertThat(event.position()).as("%s: positions are dense", context).isEqualTo(i + 1L);
            assertThat(event.recordedNs())
                    .as("%s: recorded times rise, at position %d", context, event.position())
                    .isGreaterThan(before);
            before = event.recordedNs();
            Long twice = seen.computeIfAbsent(event.producer(), name -> new HashMap<>())
                    .put(event.number(), event.position());
            assertThat(twice)
                    .as("%s: the event at %d is there once", context, event.position())
                    .isNull();
        }
    }

    /** What was acknowledged is where it was said to be, in the producer's order; what was refused is nowhere. */
    void assertHolds(Producer producer, String context) {
        NavigableMap<Long, Long> found = new TreeMap<>();
        events.stream()
                .filter(event -> event.producer().equals(producer.name()))
                .forEach(event -> found.put(event.number(), event.position()));
        Map<Long, Long> lost = new TreeMap<>(producer.acknowledged());
        lost.entrySet().removeIf(ack -> ack.getValue().equals(found.get(ack.getKey())));
        assertThat(lost)
                .as("%s: acknowledged events that are not where they were said to be, of %s", context, producer)
                .isEmpty();
        assertThat(List.copyOf(producer.acknowledged().values()))
                .as("%s: acknowledged in the producer's order", context)
                .isSorted();
        assertThat(found.keySet())
                .as("%s: refused events that are there, of %s", context, producer)
                .noneMatch(producer.refused()::contains);
    }

    /** Judges what every node holds of a topic, up to where it ends now. */
    static void assertOnAll(Cluster cluster, EventStore store, String topic, String context, Producer... producers)
            throws Exception {
        assertOn(cluster, cluster.ids(), topic, head(store, topic), context, producers);
    }

    /** The same of some nodes. */
    static void assertOn(
            Cluster cluster, List<String> ids, EventStore store, String topic, String context, Producer... producers)
            throws Exception {
        assertOn(cluster, ids, topic, head(store, topic), context, producers);
    }

    private static long head(EventStore store, String topic) {
        return store.topics().head(topic, Consistency.LINEARIZABLE).join().head();
    }

    /** The same up to a position. */
    static void assertOn(
            Cluster cluster, List<String> ids, String topic, long head, String context, Producer... producers)
            throws Exception {
        History first = null;
        for (String id : ids) {
            History history = of(cluster.events(id, topic, head));
            if (first == null) {
                first = history;
                history.assertWhole(context + ", " + id);
                for (Producer producer : producers) {
                    history.assertHolds(producer, context + ", " + id);
                }
            }
            assertThat(history.events().size())
                    .as("%s: %s has all", context, id)
                    .isEqualTo((int) head);
            assertThat(history.events().equals(first.events()))
                    .as("%s: %s holds the same events", context, id)
                    .isTrue();
        }
    }
}
