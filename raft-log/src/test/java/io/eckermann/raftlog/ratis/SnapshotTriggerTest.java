package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.RaftConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotTriggerTest {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean anythingNew = new AtomicBoolean();
    private final AtomicInteger taken = new AtomicInteger();
    private final SnapshotTrigger trigger = new SnapshotTrigger(
            new RaftConfig.Snapshots(100, Duration.ofSeconds(1), 0, 1 << 20),
            bytes::get,
            anythingNew::get,
            taken::incrementAndGet,
            0);

    @Test
    void itFiresAfterSoManyBytes() {
        bytes.set(99);
        trigger.tick(1);
        assertThat(taken).hasValue(0);
        bytes.set(100);
        trigger.tick(2);
        assertThat(taken).hasValue(1);
    }

    @Test
    void itFiresAfterAWhileIfThereIsAnythingNew() {
        trigger.tick(1_000_000_000);
        assertThat(taken).hasValue(0);
        anythingNew.set(true);
        trigger.tick(1_000_000_001);
        assertThat(taken).hasValue(1);
        trigger.tick(1_900_000_000);
        assertThat(taken).hasValue(1);
        trigger.tick(2_000_000_001);
        assertThat(taken).hasValue(2);
    }
}
