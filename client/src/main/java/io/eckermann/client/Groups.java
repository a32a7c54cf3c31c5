package io.eckermann.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Groups: shared cursors whose members lease events of a topic, and ack or nack them. A {@link GroupConsumer} does all that
 * by itself. Futures fail with an {@link EckermannException}; what was leased and is no more, with its code LEASE_LOST.
 */
public interface Groups {
    /** Makes a group, or finds it with the same settings; a conflict when it has others. */
    CompletableFuture<Group> create(String topic, String group, GroupSettings settings, GroupStart start);

    CompletableFuture<Group> get(String topic, String group);

    /** Groups of a topic, by name; with an empty name of all topics. */
    CompletableFuture<List<Group>> list(String topic);

    CompletableFuture<Group> update(String topic, String group, GroupChanges changes);

    CompletableFuture<Void> delete(String topic, String group);

    /** Leases events; waits for them as long as the options say. */
    CompletableFuture<Lease> lease(String topic, String group, LeaseOptions options);

    /** Settles events, of any leases. After a lost connection LEASE_LOST may mean that it was done before. */
    CompletableFuture<Settled> settle(String topic, String group, List<Settlement> settlements);

    /**
     * Leases end so much later than now.
     *
     * @param visibility zero: what the group's settings say
     * @return those that had ended before
     */
    CompletableFuture<List<Long>> extend(String topic, String group, List<Long> tokens, Duration visibility);

    /** From now on nothing is leased. */
    CompletableFuture<Group> pause(String topic, String group);

    CompletableFuture<Group> resume(String topic, String group);

    /**
     * Moves the group; all leases are lost.
     *
     * @param dropParked without it, a group that has parked events is not moved
     */
    CompletableFuture<Group> seek(String topic, String group, GroupStart start, boolean dropParked);

    /** Parked events from a position on, in the order of their positions. */
    CompletableFuture<List<ParkedEvent>> parked(String topic, String group, long from, int limit);

    /** Has parked events leased again; without positions, all. */
    CompletableFuture<ParkedChange> replayParked(String topic, String group, List<Long> positions);

    /** Forgets parked events; without positions, all. */
    CompletableFuture<ParkedChange> dropParked(String topic, String group, List<Long> positions);

    /** Leases, handles and settles events until it is closed. */
    GroupConsumer consume(String topic, String group, ConsumerOptions options, GroupConsumer.Handler handler);
}
