package io.eckermann.gateway.access;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection at a door, and for which principals it is counted. Thread safe. */
public final class CallerConnection {
    /** Under the lock of this object. */
    private final Map<String, AtomicInteger> counted = new HashMap<>(2);

    private boolean ended;

    /**
     * Counts it for the principal, if it is not.
     *
     * @param all connections of the principal
     * @return false when there are as many as there may be
     */
    synchronized boolean countFor(String principal, AtomicInteger all, int most) {
        if (ended || counted.containsKey(principal)) {
            return true;
        }
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return false;
        }
        counted.put(principal, all);
        return true;
    }

    /** It is closed. */
    public synchronized void ended() {
        ended = true;
        counted.values().forEach(AtomicInteger::decrementAndGet);
        counted.clear();
    }
}
