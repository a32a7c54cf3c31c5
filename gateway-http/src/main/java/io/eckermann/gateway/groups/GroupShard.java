package io.eckermann.gateway.groups;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.statemachine.GroupView;
import io.eckermann.statemachine.HeadSignal;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the use cases of groups need.
 *
 * @param news wakes by group id who waits for something to lease
 * @param reads where views are asked
 * @param clock tells roughly when a lease ends; what has ended is decided by the leader's time
 */
public record GroupShard(
        Shard shard, GroupView groups, HeadSignal news, Executor reads, ScheduledExecutorService timer, Clock clock) {
    long nowNs() {
        return Nanos.of(clock);
    }
}
