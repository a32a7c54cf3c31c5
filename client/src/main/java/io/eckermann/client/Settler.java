package io.eckermann.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sends what becomes of events, many in one request: while one is under way, the next one fills. Safe from any thread.
 */
final class Settler {
    private static final int SETTLEMENTS_MAX = 1_000;
    private static final int POSITIONS_MAX = 5_000;

    private final Groups groups;
    private final String topic;
    private final String group;
    private final Consumer<EckermannException> onFailure;

    // Guarded by this.
    private final Map<Long, List<Long>> acks = new LinkedHashMap<>();
    private final List<Settlement> others = new ArrayList<>();
    private boolean sending;
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

    Settler(Groups groups, String topic, String group, Consumer<EckermannException> onFailure) {
        this.groups = groups;
        this.topic = topic;
        this.group = group;
        this.onFailure = onFailure;
    }

    void ack(LeasedEvent event) {
        synchronized (this) {
            acks.computeIfAbsent(event.token(), token -> new ArrayList<>()).add(event.position());
            begin();
        }
        send();
    }

    void settle(List<Settlement> settlements) {
        synchronized (this) {
            others.addAll(settlements);
            begin();
        }
        send();
    }

    private void begin() {
        if (idle.isDone()) {
            idle = new CompletableFuture<>();
        }
    }

    /** Completes when all that was given so far is sent, whatever came of it. */
    synchronized CompletableFuture<Void> idle() {
        return idle;
    }

    private void send() {
        List<Settlement> batch;
        CompletableFuture<Void> done = null;
        synchronized (this) {
            if (sending) {
                return;
            }
            batch = take();
            sending = !batch.isEmpty();
            if (!sending) {
                done = idle;
            }
        }
        if (done != null) {
            done.complete(null);
            return;
        }
        CompletableFuture<?> unused = groups.settle(topic, group, batch).whenComplete((settled, failure) -> {
            if (failure != null) {
                onFailure.accept(Failures.exception(failure));
            }
            synchronized (this) {
                sending = false;
            }
            send();
        });
    }

    private List<Settlement> take() {
        List<Settlement> batch = new ArrayList<>(others.subList(0, Math.min(others.size(), SETTLEMENTS_MAX / 2)));
        others.subList(0, batch.size()).clear();
        int positions = 0;
        Iterator<Map.Entry<Long, List<Long>>> next = acks.entrySet().iterator();
        while (next.hasNext() && batch.size() < SETTLEMENTS_MAX && positions < POSITIONS_MAX) {
            Map.Entry<Long, List<Long>> acked = next.next();
            batch.add(Settlement.ack(acked.getKey(), acked.getValue()));
            positions += acked.getValue().size();
            next.remove();
        }
        return batch;
    }
}
