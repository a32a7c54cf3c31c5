package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Event;
import io.eckermann.raftlog.simulation.Write.Fate;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a topic holds at the end, beside what its clients were told. */
final class Contents {
    private final long topicId;
    private final long first;
    private final Map<String, Long> positions = new HashMap<>();

    /** Reads it all: positions are dense, recorded times rise, nothing is there twice. */
    Contents(ReadView view, long topicId) {
        this.topicId = topicId;
        TopicState topic = view.topic(topicId).orElseThrow();
        first = topic.first();
        long next = first;
        long lastNs = 0;
        for (Chunk chunk : view.forward(topicId, first, Long.MAX_VALUE)) {
            long position = chunk.getFirstPosition();
            long recordedNs = chunk.getFirstRecordedNs();
            for (Event event : EventsCodec.events(chunk)) {
                if (position >= first) {
                    Violation.unless(position == next, "topic %d has %d behind %d", topicId, position, next - 1);
                    Violation.unless(recordedNs > lastNs, "time stands still at %d of topic %d", position, topicId);
                    put(event.getPayload().toStringUtf8(), position);
                    next = position + 1;
                    lastNs = recordedNs;
                }
                position++;
                recordedNs++;
            }
        }
        Violation.unless(next == topic.head() + 1, "topic %d ends at %d, not %d", topicId, next - 1, topic.head());
    }

    private void put(String payload, long position) {
        Long before = positions.put(payload, position);
        Violation.unless(before == null, "%s is at %d and at %d", payload, before, position);
    }

    /** Every accepted append is here once where its client was told, no refused one is, and each client's are in order. */
    void compare(List<Write> writes) {
        Map<String, Long> last = new HashMap<>();
        int known = 0;
        for (Write write : writes) {
            if (write.topicId == topicId) {
                known += compare(write);
                if (write.fate == Fate.ACCEPTED) {
                    long before = last.getOrDefault(write.client, 0L);
                    // Retries by key may overtake each other; a sequence never does.
                    boolean isInOrder = !write.client.startsWith("p") || write.first > before;
                    Violation.unless(isInOrder, "%s is before an earlier one, at %d", write, before);
                    last.put(write.client, write.first);
                }
            }
        }
        Violation.unless(known == positions.size(), "topic %d has events that nobody appended", topicId);
    }

    /** How many of its events are here. */
    private int compare(Write write) {
        int found = 0;
        for (int i = 0; i < write.payloads.size(); i++) {
            Long at = positions.get(write.payloads.get(i));
            found += at == null ? 0 : 1;
            switch (write.fate) {
                case ACCEPTED -> {
                    long told = write.first + i;
                    Violation.unless(told < first || (at != null && at == told), "%s is at %s", write, at);
                }
                case REFUSED -> Violation.unless(at == null, "%s is there, at %s", write, at);
                case UNKNOWN -> {
                    // It may be.
                }
                case TO_SEND, UNDER_WAY -> throw new AssertionError(write + " was never answered");
            }
        }
        boolean isAllOrNone = found == 0 || found == write.payloads.size() || first > 1;
        Violation.unless(isAllOrNone, "half of %s is there", write);
        return found;
    }
}
