package io.eckermann.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class MachineTest {
    @Test
    void busyTimeLeavesOutIdlingAndWaiting() {
        CpuTime time = CpuTime.of("cpu  100 0 200 500 50 0 0 150 0 0");

        assertThat(time.busySeconds()).isCloseTo(4.5, within(1e-9));
        assertThat(time.totalSeconds()).isCloseTo(10, within(1e-9));
    }

    @Test
    void liveHeapIsTheHistogramsTotal() {
        String histogram = """
                42:
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         10000        1234567  [B (java.base@17)
                Total         20000        2345678
                """;

        assertThat(Heap.total(histogram)).hasValue(2_345_678);
        assertThat(Heap.total("no such process")).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisProcessHasUsedTimeAndMemory() throws Exception {
        ProcessSample sample = ProcessSample.of(ProcessHandle.current().pid());

        assertThat(sample.cpuSeconds()).isPositive();
        assertThat(sample.rssBytes()).isGreaterThan(1 << 20);
        Disk.below(Path.of(".").toAbsolutePath())
                .sample()
                .ifPresent(disk -> assertThat(disk.writtenBytes()).isPositive());
    }
}
