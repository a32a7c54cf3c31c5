package io.eckermann.gateway.groups;

import io.eckermann.gateway.groups.GroupWrites.Found;
import io.eckermann.statemachine.GroupState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The desks of groups that somebody leases from at this node. Safe from any thread. */
final class LeaseDesks {
    /** So many are kept although nobody waits. */
    private static final int IDLE_MAX = 1_000;

    private final GroupShard shard;
    private final GroupWrites writes;
    private final Map<Long, LeaseDesk> desks = new ConcurrentHashMap<>();

    LeaseDesks(GroupShard shard, GroupWrites writes) {
        this.shard = shard;
        this.writes = writes;
    }

    void add(Found found, Wish wish, long waitMs) {
        if (desks.size() > IDLE_MAX) {
            // One that somebody just took goes on by itself, beside its successor.
            desks.values().removeIf(desk -> desk.size() == 0);
        }
        GroupState group = found.group();
        desks.computeIfAbsent(group.id(), id -> new LeaseDesk(shard, writes, found))
                .add(wish, waitMs);
    }
}
