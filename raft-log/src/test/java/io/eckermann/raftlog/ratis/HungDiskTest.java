package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HungDiskTest {
    private final HungDisk disk = new HungDisk(Duration.ofNanos(10));

    @Test
    void diskThatTakesNothingMoreHangs() {
        assertThat(disk.isHung(5, 6, 0)).isFalse();
        assertThat(disk.isHung(5, 7, 10)).isFalse();
        assertThat(disk.isHung(5, 9, 11)).isTrue();
        assertThat(disk.isHung(6, 9, 12)).as("it has come back").isFalse();
    }

    @Test
    void whoLeadsAgainHasNotSeenItHangMeanwhile() {
        assertThat(disk.isHung(5, 6, 0)).isFalse();
        assertThat(disk.isHung(5, 7, 1_000)).as("nobody has looked").isFalse();
        assertThat(disk.isHung(5, 7, 1_005)).isFalse();
        assertThat(disk.isHung(5, 7, 1_011)).isTrue();
    }

    @Test
    void diskThatIsSlowDoesNot() {
        for (long now = 0; now < 100; now++) {
            assertThat(disk.isHung(now / 9, 1000, now)).isFalse();
        }
    }

    @Test
    void diskThatHasNothingToDoDoesNot() {
        for (long now = 0; now <= 100; now += 10) {
            assertThat(disk.isHung(5, 5, now)).isFalse();
        }
        assertThat(disk.isHung(5, 6, 110)).as("it has only begun").isFalse();
        assertThat(disk.isHung(5, 6, 111)).isTrue();
    }
}
