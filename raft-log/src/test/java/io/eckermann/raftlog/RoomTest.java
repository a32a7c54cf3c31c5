package io.eckermann.raftlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Operation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RoomTest {
    private static final Operation GROWS = new Operation.CreateTopic("orders", TopicSettings.getDefaultInstance());

    private final AtomicLong free = new AtomicLong(100);
    private final AtomicLong now = new AtomicLong();
    private final Room room = new Room(new DiskWatch(free::get, () -> now.addAndGet(2_000_000_000L), 50), 50);

    @Test
    void whatGrowsIsRefusedWhileTheDiskIsLowAndComesBackByItself() {
        assertThat(room.refusal(GROWS)).isNull();
        free.set(49);
        assertThat(room.refusal(GROWS))
                .isNotNull()
                .hasToString(
                        "DISK_FULL: The leader's disk has no room for events: free some. {free_bytes=49, needed_bytes=50}");
        assertThat(room.refusal(new Operation.DeleteTopic(1))).isNull();
        free.set(56);
        assertThat(room.refusal(GROWS)).isNull();
    }

    @Test
    void whatGrowsIsRefusedWhileTooFewOthersHaveRoom() {
        AtomicBoolean enough = new AtomicBoolean();
        room.elsewhere(enough::get);
        assertThat(room.refusal(GROWS))
                .isNotNull()
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.DISK_FULL));
        enough.set(true);
        assertThat(room.refusal(GROWS)).isNull();
    }
}
