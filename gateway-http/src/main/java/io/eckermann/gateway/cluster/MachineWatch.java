package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.MachineView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What memory this node's process has, and how busy its machine is. {@link #look} is called by a timer and asks the system;
 * {@link #last} may be called from any thread and never blocks.
 */
public final class MachineWatch {
    private static final Path PROCESS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    private volatile @Nullable MachineView last;

    /** As of the last look; null before the first. */
    public @Nullable MachineView last() {
        return last;
    }

    /** Looks anew. */
    public void look() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        last = MachineView.newBuilder()
                .setHeapUsedBytes(heap.getUsed())
                .setHeapMaxBytes(heap.getMax())
                .setResidentBytes(residentBytes())
                .setLoad(system.getSystemLoadAverage())
                .setProcessors(system.getAvailableProcessors())
                .build();
    }

    private static long residentBytes() {
        try (Stream<String> lines = Files.lines(PROCESS, StandardCharsets.US_ASCII)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // Only Linux has it.
            return 0;
        }
    }
}
