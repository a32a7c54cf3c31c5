package io.eckermann.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A group whose leases a test puts in; it keeps what is settled and extended. */
final class FakeGroups implements Groups {
    private static final Group GROUP = new Group(
            "g",
            "t",
            1,
            GroupSettings.DEFAULTS.withOrderByKey().withVisibility(Duration.ofMillis(300)),
            0,
            1,
            0,
            false,
            0,
            0,
            0,
            0,
            0,
            Duration.ZERO,
            Optional.empty());

    final BlockingQueue<String> settled = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> extended = new LinkedBlockingQueue<>();
    private final List<Lease> leases = new ArrayList<>();
    private final List<CompletableFuture<Lease>> waiting = new ArrayList<>();

    synchronized void put(Lease lease) {
        if (waiting.isEmpty()) {
            leases.add(lease);
        } else {
            waiting.remove(0).complete(lease);
        }
    }

    @Override
    public synchronized CompletableFuture<Lease> lease(String topic, String group, LeaseOptions options) {
        if (!leases.isEmpty()) {
            return CompletableFuture.completedFuture(leases.remove(0));
        }
        waiting.add(new CompletableFuture<>());
        return waiting.get(waiting.size() - 1);
    }

    @Override
    public CompletableFuture<Settled> settle(String topic, String group, List<Settlement> settlements) {
        settlements.forEach(settlement -> settled.add(settlement.toString()));
        return CompletableFuture.completedFuture(new Settled(1, List.of()));
    }

    @Override
    public CompletableFuture<List<Long>> extend(String topic, String group, List<Long> tokens, Duration visibility) {
        extended.addAll(tokens);
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletableFuture<Group> get(String topic, String group) {
        return CompletableFuture.completedFuture(GROUP);
    }

    @Override
    public GroupConsumer consume(String topic, String group, ConsumerOptions options, GroupConsumer.Handler handler) {
        return new GroupConsumer(this, topic, group, options, handler).start();
    }

    private static <T> CompletableFuture<T> unused() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public CompletableFuture<Group> create(String topic, String group, GroupSettings settings, GroupStart start) {
        return unused();
    }

    @Override
    public CompletableFuture<List<Group>> list(String topic) {
        return unused();
    }

    @Override
    public CompletableFuture<Group> update(String topic, String group, GroupChanges changes) {
        return unused();
    }

    @Override
    public CompletableFuture<Void> delete(String topic, String group) {
        return unused();
    }

    @Override
    public CompletableFuture<Group> pause(String topic, String group) {
        return unused();
    }

    @Override
    public CompletableFuture<Group> resume(String topic, String group) {
        return unused();
    }

    @Override
    public CompletableFuture<Group> seek(String topic, String group, GroupStart start, boolean dropParked) {
        return unused();
    }

    @Override
    public CompletableFuture<List<ParkedEvent>> parked(String topic, String group, long from, int limit) {
        return unused();
    }

    @Override
    public CompletableFuture<ParkedChange> replayParked(String topic, String group, List<Long> positions) {
        return unused();
    }

    @Override
    public CompletableFuture<ParkedChange> dropParked(String topic, String group, List<Long> positions) {
        return unused();
    }
}
