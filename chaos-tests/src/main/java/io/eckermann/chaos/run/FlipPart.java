package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.disk.Disk;
import io.eckermann.chaos.disk.PlainDisk;
import io.eckermann.chaos.flips.Flips;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.shim.NativeTools;
import io.eckermann.chaos.workload.ConsumerWorkload;
import io.eckermann.chaos.workload.Load;
import io.eckermann.chaos.workload.LogWorkload;
import io.eckermann.chaos.workload.RetryWorkload;
import io.eckermann.chaos.workload.StepWorkload;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The part of a run that flips bits: one node is used for a while and killed, and what it holds is looked into again and again. */
final class FlipPart {
    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration USE = Duration.ofSeconds(8);
    private static final String FILLER = "filler";
    private static final int FILLERS = 120;
    /** Not so large that most bits are in them: then all that is read would be one event. */
    private static final int FILLER_BYTES = 60_000;

    private static final long COPIES_BYTES = 512L << 20;

    private final Episode.Setup setup;
    private final NativeTools tools;
    private final Path directory;
    private final long seed;

    /** @param directory of the run */
    FlipPart(Episode.Setup setup, NativeTools tools, Path directory, long seed) throws IOException {
        this.setup = setup;
        this.tools = tools;
        this.directory = Files.createDirectories(directory.resolve("flips"));
        this.seed = seed;
    }

    void run(int count, History history) throws Exception {
        Path whole = directory.resolve("whole");
        try (Resources resources = new Resources(directory.resolve("resources.edn"))) {
            Bed bed = Bed.make(setup.isolation(), 1, 0, tools, setup.program(), directory, setup.settings(), resources);
            Server node = bed.servers().node(1);
            node.start();
            if (!bed.servers().awaitReady(BOOT)) {
                throw new IOException("The node was not ready within " + BOOT.toSeconds() + " s: see " + node.log());
            }
            use(bed);
            node.kill();
            copy(node.data(), whole);
            Disk copies = setup.isolation() == Bed.Isolation.NONE
                    ? PlainDisk.directory("copies", directory, resources)
                    : PlainDisk.memory("copies", directory, COPIES_BYTES, resources);
            new Flips(setup.program(), whole, copies.mount(), directory.resolve("flips.log"), history, seed).run(count);
        }
    }

    /** As in any run, and some more, so that there are closed segments and a snapshot. */
    private void use(Bed bed) throws Exception {
        try (History unjudged = new History(directory.resolve("use.edn"));
                EventStore store = bed.servers().client(1, BOOT)) {
            store.topics().create(FILLER).join();
            Choices choices = Choices.of(seed, FILLER);
            try (Load load = new Load(
                    bed.servers(),
                    unjudged,
                    seed,
                    Plan.PAUSE,
                    List.of(new LogWorkload(), new ConsumerWorkload(), new RetryWorkload(), new StepWorkload()))) {
                load.prepare();
                load.start();
                for (int i = 0; i < FILLERS; i++) {
                    byte[] bytes = new byte[FILLER_BYTES];
                    for (int k = 0; k < bytes.length; k++) {
                        bytes[k] = (byte) choices.below(256);
                    }
                    store.append(FILLER, Event.of(bytes)).join();
                }
                Patience.rest(USE);
                load.stop();
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
    }
}
