package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageWatchTest {
    @TempDir
    Path root;

    private final AtomicLong payload = new AtomicLong();
    private final AtomicLong device = new AtomicLong(5_000);

    @Test
    void fileWithSeveralNamesCountsOnce() throws IOException {
        Path closed = file("raft/group/current/log_0-9", 1_000);
        file("raft/group/current/log_inprogress_10", 300);
        Path kept = link("state/kept/0-9.segment", closed);
        Path index = file("state/db/000012.sst", 70);
        link("state/snapshots/1_9/0-9.segment", kept);
        link("state/snapshots/1_9/000012.sst", index);
        file("state/snapshots/1_9/SNAPSHOT", 5);
        StorageView seen = looked(watch());
        assertThat(seen.getLogBytes()).isEqualTo(300);
        assertThat(seen.getKeptBytes()).isEqualTo(1_000);
        assertThat(seen.getLogAndKeptBytes()).isEqualTo(1_300);
        assertThat(seen.getIndexBytes()).isEqualTo(70);
        assertThat(seen.getSnapshotBytes()).isEqualTo(5);
    }

    @Test
    void amplificationIsWhatWasWrittenSinceTheStartByPayload() {
        StorageWatch watch = watch();
        assertThat(looked(watch).getWriteAmplification()).isZero();
        payload.set(1_000);
        device.set(6_500);
        StorageView seen = looked(watch);
        assertThat(seen.getPayloadBytes()).isEqualTo(1_000);
        assertThat(seen.getDeviceBytes()).isEqualTo(1_500);
        assertThat(seen.getWriteAmplification()).isEqualTo(1.5);
    }

    @Test
    void systemThatDoesNotSayWhatWasWrittenIsNoReasonToFail() {
        device.set(-1);
        payload.set(1_000);
        StorageView seen = looked(watch());
        assertThat(seen.getDeviceBytes()).isEqualTo(-1);
        assertThat(seen.getWriteAmplification()).isZero();
    }

    private StorageWatch watch() {
        return new StorageWatch(root.resolve("raft"), List.of(root.resolve("state")), payload::get, device::get);
    }

    private static StorageView looked(StorageWatch watch) {
        watch.look();
        return Objects.requireNonNull(watch.last());
    }

    private Path file(String name, int bytes) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, new byte[bytes]);
    }

    private Path link(String name, Path existing) throws IOException {
        Path link = root.resolve(name);
        Files.createDirectories(link.getParent());
        return Files.createLink(link, existing);
    }
}
