package io.eckermann.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events that a consumer has leased and not settled. Of a key's events, the later ones are handed out when the earlier
 * ones are done. Safe from any thread.
 */
final class HeldEvents {
    private record KeyOfLease(long token, String key) {}

    // Guarded by this.
    private final ArrayDeque<LeasedEvent> ready = new ArrayDeque<>();
    private final Map<String, ArrayDeque<LeasedEvent>> behind = new HashMap<>();
    private final Map<Long, Set<Long>> byToken = new HashMap<>();
    /** In a group by key: what comes behind a failed event of its key is not ours any more. */
    private final Set<KeyOfLease> failed = new HashSet<>();

    private final boolean byKey;
    private int held;
    private boolean closed;

    HeldEvents(boolean byKey) {
        this.byKey = byKey;
    }

    /** Takes what was leased; false when it is closed, and takes nothing any more. */
    synchronized boolean add(Lease lease) {
        if (closed) {
            return false;
        }
        for (LeasedEvent event : lease.events()) {
            byToken.computeIfAbsent(event.token(), token -> new HashSet<>()).add(event.position());
            held++;
            String key = event.event().key();
            ArrayDeque<LeasedEvent> others = key.isEmpty() ? null : behind.get(key);
            if (others != null) {
                others.add(event);
            } else {
                if (!key.isEmpty()) {
                    behind.put(key, new ArrayDeque<>());
                }
                ready.add(event);
            }
        }
        notifyAll();
        return true;
    }

    /** Waits for the next event to handle; null when there will be none. */
    synchronized @Nullable LeasedEvent next() throws InterruptedException {
        while (true) {
            LeasedEvent event = ready.poll();
            if (event == null) {
                if (closed) {
                    return null;
                }
                wait();
            } else if (isOurs(event)) {
                return event;
            } else {
                leave(event);
            }
        }
    }

    private boolean isOurs(LeasedEvent event) {
        Set<Long> positions = byToken.get(event.token());
        return positions != null
                && positions.contains(event.position())
                && !failed.contains(new KeyOfLease(event.token(), event.event().key()));
    }

    /** The event was handled; what waits behind it comes next. Returns whether its lease was not lost meanwhile. */
    synchronized boolean done(LeasedEvent event, boolean succeeded) {
        Set<Long> positions = byToken.get(event.token());
        boolean isOurs = positions != null && positions.contains(event.position());
        if (byKey && !succeeded && !event.event().key().isEmpty() && isOurs) {
            failed.add(new KeyOfLease(event.token(), event.event().key()));
        }
        leave(event);
        return isOurs;
    }

    private void leave(LeasedEvent event) {
        Set<Long> positions = byToken.get(event.token());
        if (positions != null && positions.remove(event.position()) && positions.isEmpty()) {
            byToken.remove(event.token());
            failed.removeIf(lost -> lost.token() == event.token());
        }
        held--;
        String key = event.event().key();
        ArrayDeque<LeasedEvent> others = key.isEmpty() ? null : behind.get(key);
        if (others != null) {
            LeasedEvent next = others.poll();
            if (next == null) {
                behind.remove(key);
            } else {
                ready.addFirst(next);
            }
        }
        notifyAll();
    }

    /** Waits until there is room for more, or until it is closed. */
    synchronized void awaitFewerThan(int events) throws InterruptedException {
        while (held >= events && !closed) {
            wait();
        }
    }

    /** Leases of which something is held. */
    synchronized List<Long> tokens() {
        return new ArrayList<>(byToken.keySet());
    }

    /** These leases have ended: what was not begun of them is not handed out any more. */
    synchronized void lost(List<Long> tokens) {
        tokens.forEach(byToken::remove);
    }

    /** Hands out nothing any more; returns what was not handed out, as settlements that give it back. */
    synchronized List<Settlement> close() {
        closed = true;
        Map<Long, List<Long>> left = new HashMap<>();
        List<LeasedEvent> waiting = new ArrayList<>(ready);
        behind.values().forEach(waiting::addAll);
        for (LeasedEvent event : waiting) {
            if (isOurs(event)) {
                left.computeIfAbsent(event.token(), token -> new ArrayList<>()).add(event.position());
            }
        }
        held -= waiting.size();
        ready.clear();
        behind.clear();
        notifyAll();
        List<Settlement> releases = new ArrayList<>();
        left.forEach((token, positions) -> releases.add(Settlement.release(token, positions)));
        return releases;
    }
}
