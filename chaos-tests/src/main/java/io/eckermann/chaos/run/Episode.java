package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.disk.LoopDisk;
import io.eckermann.chaos.history.Edn;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.meta.MetaCuts;
import io.eckermann.chaos.nemesis.Testbed;
import io.eckermann.chaos.shim.NativeTools;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.workload.ConsumerWorkload;
import io.eckermann.chaos.workload.Load;
import io.eckermann.chaos.workload.LogWorkload;
import io.eckermann.chaos.workload.RegisterWorkload;
import io.eckermann.chaos.workload.RetryWorkload;
import io.eckermann.chaos.workload.StepWorkload;
import io.eckermann.chaos.workload.TimeWorkload;
import io.eckermann.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run: a cluster, clients, one fault after the other, and a verdict. */
final class Episode {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final long NS_PER_S = 1_000_000_000L;
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    /**
     * What does not change from run to run.
     *
     * @param root of the source tree
     * @param program the build that is tried
     * @param first what nodes begin as: the same, or an earlier build, of which they are until they are upgraded
     * @param settings of nodes, beside the usual
     * @param lying whether the disks say that they have what they have not: a planted bug
     */
    record Setup(
            Path root,
            Path store,
            Bed.Isolation isolation,
            NodeProgram program,
            NodeProgram first,
            List<String> settings,
            boolean lying) {
        /** Whether nodes begin as an earlier build. */
        boolean upgrades() {
            return !first.equals(program);
        }
    }

    private final Setup setup;
    private final Plan plan;
    private final Place place;
    private final List<Map<String, Object>> skipped = new ArrayList<>();
    private String backend = "none";
    private long startNs;

    Episode(Setup setup, Plan plan) throws IOException {
        this.setup = setup;
        this.plan = plan;
        this.place = Place.create(setup.store(), plan.name());
    }

    Path directory() {
        return place.directory();
    }

    /** Runs it to its end. */
    Analysis.Judgement run() throws Exception {
        startNs = System.nanoTime();
        System.out.println("chaos " + plan.name() + "  seed=" + plan.seed() + "  " + place.directory());
        System.out.println("planned " + plan.faults().size() + " faults, " + plan.metaCuts() + " cuts at raft-meta, "
                + plan.flips() + " flips of bits, about " + plan.estimate().toMinutes() + " minutes");
        try (Resources resources = Resources.removedAtExit(place.resources());
                Watchdog watchdog = new Watchdog(plan.limit(), resources)) {
            assert watchdog != null;
            try {
                play(resources);
            } finally {
                writeTest();
            }
        }
        return Analysis.of(place.directory());
    }

    private void play(Resources resources) throws Exception {
        NativeTools tools = new NativeTools(
                setup.root().resolve("chaos-tests/native"), setup.root().resolve("chaos-tests/target/native"));
        tools.missing().ifPresent(why -> skip("native tools", why));
        writeTest();
        try (History history = new History(place.history())) {
            if (plan.metaCuts() > 0) {
                cutAtMeta(tools, resources, history);
            }
            if (plan.flips() > 0) {
                new FlipPart(setup, tools, place.directory(), plan.seed()).run(plan.flips(), history);
                System.out.printf("%4d s  %d flips of bits%n", history.nowNs() / NS_PER_S, plan.flips());
            }
            if (plan.hasCluster()) {
                playCluster(tools, resources, history);
            }
        }
    }

    private void cutAtMeta(NativeTools tools, Resources resources, History history) throws Exception {
        if (setup.isolation() != Bed.Isolation.ROOT || tools.missing().isPresent()) {
            skip("cuts at raft-meta", "they need root, to mount files, and gcc");
            return;
        }
        List<LoopDisk.Kind> kinds = new ArrayList<>();
        for (LoopDisk.Kind kind : LoopDisk.Kind.values()) {
            kind.missing()
                    .ifPresentOrElse(why -> skip("cuts at raft-meta on " + kind.word(), why), () -> kinds.add(kind));
        }
        for (LoopDisk.Kind kind : kinds) {
            int count = plan.metaCuts() / kinds.size();
            new MetaCuts(setup.program(), kind, place.directory(), tools, resources, history, plan.seed()).run(count);
            System.out.printf("%4d s  %d cuts at raft-meta on %s%n", history.nowNs() / NS_PER_S, count, kind.word());
        }
    }

    private void playCluster(NativeTools tools, Resources resources, History history) throws Exception {
        Bed bed = Bed.make(
                setup.isolation(),
                plan.nodes(),
                plan.spares(),
                tools,
                setup.first(),
                place.directory(),
                setup.settings(),
                resources);
        backend = bed.backend();
        System.out.println(
                "backend " + backend + "  network " + bed.hosts().network().name() + "  nodes " + plan.nodes());
        writeTest();
        if (setup.lying()) {
            bed.servers().all().forEach(server -> server.needShim().set(Shim.Slot.FSYNC_LIES, 1));
        }
        try (Meter meter = new Meter(bed.servers(), history, place.samples())) {
            assert meter != null;
            for (Server server : bed.servers().all()) {
                server.start();
            }
            if (!bed.servers().awaitReady(BOOT)) {
                throw new IOException(
                        "The cluster was not ready within " + BOOT.toSeconds() + " s: see " + place.directory());
            }
            useAndBreak(bed, resources, history);
            for (Server server : bed.servers().all()) {
                server.stop();
            }
        }
        StateDigests.write(setup.program(), bed.servers().all(), place.directory());
    }

    private void useAndBreak(Bed bed, Resources resources, History history) throws Exception {
        LogWorkload log = new LogWorkload();
        List<Workload> workloads = List.of(
                new RegisterWorkload(),
                log,
                new ConsumerWorkload(),
                new TimeWorkload(log.topics()),
                new RetryWorkload(),
                new StepWorkload());
        try (Load load = new Load(bed.servers(), history, plan.seed(), Plan.PAUSE, workloads)) {
            load.prepare();
            load.start();
            Monitor monitor = new Monitor(bed.servers(), history);
            Patience.rest(WARM_UP);
            Testbed all = new Testbed(bed.servers(), bed.hosts().network(), plan.hold(), setup.program(), resources);
            new Breaker(plan, all, history, this::skip).run();
            Patience.rest(WARM_UP);
            load.stop();
            monitor.stop();
            load.drain(place.directory());
        }
    }

    private void skip(String name, String why) {
        Map<String, Object> entry = Map.of("name", name, "why", why);
        if (!skipped.contains(entry)) {
            skipped.add(entry);
            System.out.println("SKIPPED " + name + ": " + why);
        }
    }

    private void writeTest() throws IOException {
        Map<String, Object> test = new LinkedHashMap<>();
        plan(plan, test);
        test.put("git", git(setup.root()));
        if (setup.upgrades()) {
            test.put("upgraded-from", git(setup.first().root()));
        }
        test.put("ratis", "3.3.0");
        test.put("backend", backend);
        test.put("skipped", skipped);
        test.put("ceilings", plan.hasCluster() ? Bed.ceilings(setup.program()).figures() : Map.of());
        test.put("lying-disks", setup.lying());
        test.put("wall-s", (System.nanoTime() - startNs) / NS_PER_S);
        test.put("directory", place.directory().toString());
        Files.writeString(place.test(), Edn.text(test) + "\n");
    }

    /** What {@link KeptRun} makes a plan of again. */
    static void plan(Plan plan, Map<String, Object> test) {
        test.put("name", plan.name());
        test.put("seed", plan.seed());
        test.put("nodes", plan.nodes());
        test.put("meta-cuts", plan.metaCuts());
        test.put("flips", plan.flips());
        test.put("cluster", plan.hasCluster());
        test.put("goals", plan.goals().stream().map(Goal::pair).toList());
        test.put("faults", plan.faults());
        test.put("hold-ms", plan.hold().toMillis());
        test.put("gap-ms", plan.gap().toMillis());
    }

    private static String git(Path root) {
        try {
            return Commands.run("git", "-C", root.toString(), "rev-parse", "--short", "HEAD")
                    .strip();
        } catch (IOException e) {
            return "none";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "none";
        }
    }
}
