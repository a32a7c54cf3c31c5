package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.GroupConsumer;
import io.eckermann.client.LeasedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** What the members of a group were given, in the order they were. Safe for use by several threads. */
final class Handled implements GroupConsumer.Handler {
    private final List<LeasedEvent> all = new ArrayList<>();

    @Override
    public synchronized void handle(LeasedEvent event) {
        all.add(event);
    }

    synchronized int count() {
        return all.size();
    }

    /** Every event came; again only under another lease; and of a key for the first time in the topic's order. */
    synchronized void judge(int appended) {
        Map<Long, Set<Long>> tokens = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (LeasedEvent event : all) {
            boolean first = !tokens.containsKey(event.position());
            assertThat(tokens.computeIfAbsent(event.position(), none -> new HashSet<>())
                            .add(event.token()))
                    .as("event %d came twice under one lease", event.position())
                    .isTrue();
            if (first) {
                Long before = last.put(event.event().key(), event.position());
                assertThat(before == null || before < event.position())
                        .as("event %d came behind %d of its key", event.position(), before)
                        .isTrue();
            }
        }
        assertThat(tokens.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, appended).boxed().toList());
        System.err.println(all.size() - appended + " of " + appended + " events came more than once");
    }
}
