package io.eckermann.statemachine;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells waiting readers that a topic has grown (or is gone), after its new events became visible in the
 * {@link ReadView}. A signal carries no data: who is woken reads from its own position.
 *
 * <p>Threads: any may listen or leave; listeners run on the thread that makes entries visible and must only wake somebody else.
 */
public final class HeadSignal {
    private final Map<Long, Set<Listener>> listeners = new ConcurrentHashMap<>();

    /** A registration; closing it twice is fine. */
    public final class Listener implements AutoCloseable {
        private final long topicId;
        private final Runnable wake;

        private Listener(long topicId, Runnable wake) {
            this.topicId = topicId;
            this.wake = wake;
        }

        @Override
        public void close() {
            listeners.computeIfPresent(topicId, (id, set) -> {
                set.remove(this);
                return set.isEmpty() ? null : set;
            });
        }
    }

    /**
     * Calls {@code wake} after each change of the topic from now on. Listen first, then read: what changed in between
     * is seen by the read.
     */
    public Listener listen(long topicId, Runnable wake) {
        Listener listener = new Listener(topicId, wake);
        listeners.compute(topicId, (id, set) -> {
            Set<Listener> grown = set == null ? ConcurrentHashMap.newKeySet() : set;
            grown.add(listener);
            return grown;
        });
        return listener;
    }

    /** Whether somebody listens to one of these topics. */
    boolean isAnyAwaited(Collection<Long> topicIds) {
        return !listeners.isEmpty() && topicIds.stream().anyMatch(listeners::containsKey);
    }

    /** Wakes the topic's listeners. */
    public void changed(long topicId) {
        Set<Listener> set = listeners.get(topicId);
        if (set != null) {
            set.forEach(listener -> listener.wake.run());
        }
    }

    /** Wakes everybody: the whole state was replaced. */
    public void allChanged() {
        listeners.values().forEach(set -> set.forEach(listener -> listener.wake.run()));
    }
}
