package io.eckermann.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.chaos.cluster.NodeProgram;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CeilingsTest {
    private static final NodeProgram PACKAGED = NodeProgram.packaged(Path.of("."));

    @Test
    void ceilingsFollowFromTheHeapTheProcessorsTheClientsAndTheDisk() {
        Ceilings small = Ceilings.of(PACKAGED, 2, 256, 768L << 20, 64L << 20);
        Ceilings large = Ceilings.of(PACKAGED.withOptions(List.of("-Xmx512m")), 4, 1_000, 2L << 30, 64L << 20);
        assertThat(small.figures()).containsEntry("rss-kib", 672L * 1024).containsEntry("disk-kib", 704L * 1024);
        assertThat(large.rssKib() - small.rssKib()).isEqualTo((512 - 192) * 1024L);
        assertThat(large.files() - small.files()).isEqualTo(1_000 - 256);
        assertThat(large.threads()).isGreaterThan(small.threads());
        assertThatThrownBy(() -> Ceilings.of(new NodeProgram(Path.of("."), List.of(), List.of("-Xmx1g")), 2, 1, 1, 0))
                .hasMessageContaining("No heap in MiB");
    }

    @Test
    void figuresOfAProcessAreReadFromItsStatus() {
        String status = "Name:\tjava\nVmRSS:\t  295948 kB\nThreads:\t98\n";
        assertThat(Meter.number(status, "VmRSS:")).isEqualTo(295_948);
        assertThat(Meter.number(status, "Threads:")).isEqualTo(98);
        assertThat(Meter.number("Name:\tjava\n", "VmRSS:")).isZero();
    }
}
