package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Commands;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** N8: a file fills the disk, and goes away again. */
record FullDisk(Testbed.Whom whom) implements Nemesis {
    private static final long LEFT_BYTES = 24L << 20;
    private static final long DISK_BYTES_MAX = 4L << 30;

    @Override
    public String id() {
        return "N8";
    }

    @Override
    public String name() {
        return "disk-full-" + whom.word();
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.servers().node(1).disk().isSmall()
                ? Optional.empty()
                : Optional.of("the data is on a disk that others use");
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        List<Path> fillers = new ArrayList<>();
        Map<String, Object> facts = new LinkedHashMap<>();
        boolean full = true;
        for (Server victim : victims) {
            Path filler = victim.disk().mount().resolve("filler");
            long free = Files.getFileStore(victim.disk().mount()).getUsableSpace();
            if (free > DISK_BYTES_MAX) {
                // Its disk was just taken away, at the end of a run: what lies there is everybody's.
                throw new IOException(victim.disk().mount() + " is not the node's own small disk.");
            }
            Commands.run("fallocate", "-l", Long.toString(Math.max(1, free - LEFT_BYTES)), filler.toString());
            fillers.add(filler);
            long left = Files.getFileStore(victim.disk().mount()).getUsableSpace();
            full &= left <= LEFT_BYTES * 2;
            facts.put(victim.id(), "free MiB " + (free >> 20) + " -> " + (left >> 20));
        }
        boolean proven = full;
        return new Strike(
                Testbed.ids(victims),
                () -> {
                    for (Path filler : fillers) {
                        delete(filler);
                    }
                    for (Server victim : victims) {
                        if (!victim.isAlive()) {
                            victim.start();
                        }
                    }
                },
                () -> new Evidence(proven, facts));
    }

    /** For good: a cut of power would bring it back, and the disk would be full again with no fault under way. */
    private static void delete(Path filler) throws IOException {
        Files.deleteIfExists(filler);
        try (FileChannel directory = FileChannel.open(Objects.requireNonNull(filler.getParent()))) {
            directory.force(true);
        }
    }
}
