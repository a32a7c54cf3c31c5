package io.eckermann.chaos.workload;

import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.TopicHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * W4: asks which event was recorded at or after a time, and where a range of times begins. What the answer should have been
 * is seen at the end, in the whole log.
 */
public final class TimeWorkload implements Workload {
    private final List<String> topics;

    /** @param topics of others, whose times are asked for */
    public TimeWorkload(List<String> topics) {
        this.topics = List.copyOf(topics);
    }

    @Override
    public String name() {
        return "W4 time index";
    }

    @Override
    public void prepare(EventStore store) {}

    @Override
    public List<Turn> turns() {
        return List.of(this::seek);
    }

    private void seek(Caller caller) throws InterruptedException {
        String topic = caller.choices().one(topics);
        Optional<long[]> range = bounds(topic, caller);
        if (range.isEmpty() || range.get()[1] <= range.get()[0]) {
            return;
        }
        long first = range.get()[0];
        long time = first + caller.choices().below(range.get()[1] - first);
        ReadOptions options = ReadOptions.builder()
                .timeNs(time, ReadOptions.Seek.AT_OR_AFTER)
                .limit(1)
                .consistency(caller.choices().percent(50) ? Consistency.LINEARIZABLE : Consistency.LOCAL)
                .atLeast(range.get()[2])
                .build();
        Optional<Long> unused = caller.look(
                "seek",
                List.of(topic, time),
                () -> {
                    try (EventStream events = caller.store().open(topic, options)) {
                        return events.hasNext() ? events.next().position() : 0L;
                    }
                },
                position -> List.of(topic, time, position));
    }

    /** The times of the first and the last event as they are now, and the last one's position. */
    private static Optional<long[]> bounds(String topic, Caller caller) {
        try (EventStream first = caller.store()
                .open(topic, ReadOptions.builder().from(1).limit(1).build())) {
            if (!first.hasNext()) {
                return Optional.empty();
            }
            TopicHead head = caller.store()
                    .topics()
                    .head(topic, Consistency.LINEARIZABLE)
                    .join();
            return Optional.of(new long[] {first.next().recordedNs(), head.lastRecordedNs(), head.head()});
        } catch (RuntimeException e) {
            return Optional.empty(); // only the answers to the seeks are judged
        }
    }

    @Override
    public List<String> topics() {
        return new ArrayList<>();
    }
}
