package io.eckermann.bench.machine;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Everything that is counted at one moment: of the servers, of this process, which makes the load, and of the machine. */
public record Snapshot(
        long nanos, List<ProcessSample> servers, ProcessSample generator, CpuTime cpu, Optional<Disk.Sample> disk) {
    /** Takes one. */
    public static Snapshot take(List<Long> pids, Disk disk) throws IOException {
        return new Snapshot(
                System.nanoTime(),
                pids.stream().map(ProcessSample::of).toList(),
                ProcessSample.of(ProcessHandle.current().pid()),
                CpuTime.now(),
                disk.sample());
    }

    public double serverCpuSeconds() {
        return servers.stream().mapToDouble(ProcessSample::cpuSeconds).sum();
    }

    public long serverWrittenBytes() {
        return servers.stream().mapToLong(ProcessSample::writtenBytes).sum();
    }

    /** The largest of the servers'. */
    public long serverRssBytes() {
        return servers.stream().mapToLong(ProcessSample::rssBytes).max().orElse(0);
    }

    /** The share of the machine's processor time since then that neither the servers nor this process used, 0 to 1. */
    public double otherSince(Snapshot before) {
        double total = cpu.totalSeconds() - before.cpu.totalSeconds();
        double busy = cpu.busySeconds() - before.cpu.busySeconds();
        double known =
                serverCpuSeconds() - before.serverCpuSeconds() + generator.cpuSeconds() - before.generator.cpuSeconds();
        return total <= 0 ? 0 : Math.max(0, busy - known) / total;
    }
}
