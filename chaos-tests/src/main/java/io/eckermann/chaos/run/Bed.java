package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.disk.Disk;
import io.eckermann.chaos.disk.LoopDisk;
import io.eckermann.chaos.disk.PlainDisk;
import io.eckermann.chaos.host.Hosts;
import io.eckermann.chaos.host.LoopbackHosts;
import io.eckermann.chaos.host.NamespaceHosts;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.shim.NativeTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run stands on, as good as this machine allows: hosts, disks, servers.
 *
 * @param backend what was taken, for people
 */
record Bed(Hosts hosts, Servers servers, String backend) {
    private static final long DISK_BYTES = 768L << 20;
    private static final long FREE_MIN_BYTES = 64L << 20;
    /** Far more than all workloads, bad clients and those of faults have at a time, for each node. */
    private static final int CONNECTIONS = 256;

    /** So small that logs are cut and snapshots are made within a short run. */
    private static final List<String> SETTINGS = List.of(
            "raft.segment-size=1MiB",
            "raft.snapshot-after=3MiB",
            "raft.entries-kept=100",
            "raft.election-timeout-min=1s",
            "raft.election-timeout-max=2s",
            "disk.free-min=" + (FREE_MIN_BYTES >> 20) + "MiB");

    /** How this JVM is set apart from the machine. */
    enum Isolation {
        /** By root: networks, mounts and processes of its own, also mounts of files. */
        ROOT,
        /** By anybody: the same without mounts of files. */
        USER,
        /** Not at all. */
        NONE
    }

    /** What a node may use at most. */
    static Ceilings ceilings(NodeProgram program) {
        int processors = Runtime.getRuntime().availableProcessors();
        return Ceilings.of(program, processors, CONNECTIONS, DISK_BYTES, FREE_MIN_BYTES);
    }

    static Bed make(
            Isolation isolation,
            int nodes,
            int spares,
            NativeTools tools,
            NodeProgram program,
            Path directory,
            List<String> moreSettings,
            Resources resources)
            throws Exception {
        int all = nodes + spares;
        boolean apart = isolation != Isolation.NONE && tools.missing().isEmpty();
        Hosts hosts = apart
                ? new NamespaceHosts(isolation == Isolation.ROOT ? "root" : "user", all, tools, resources)
                : new LoopbackHosts(all, Servers.PORTS, resources);
        List<Disk> disks = new ArrayList<>();
        for (int number = 1; number <= all; number++) {
            disks.add(disk("n" + number + ".disk", isolation, apart, tools, directory, resources));
        }
        List<String> settings =
                Stream.concat(SETTINGS.stream(), moreSettings.stream()).toList();
        Servers servers = new Servers(hosts, nodes, disks, tools, program, directory, settings, resources);
        return new Bed(hosts, servers, hosts.name() + " + " + disks.get(0).name());
    }

    private static Disk disk(
            String name, Isolation isolation, boolean apart, NativeTools tools, Path directory, Resources resources)
            throws Exception {
        if (isolation == Isolation.ROOT && apart) {
            return new LoopDisk(LoopDisk.Kind.EXT4, name, directory, DISK_BYTES, tools.tool(), resources);
        }
        return apart
                ? PlainDisk.memory(name, directory, DISK_BYTES, resources)
                : PlainDisk.directory(name, directory, resources);
    }
}
