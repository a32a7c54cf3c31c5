package io.eckermann.bench.workload;

import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Measured;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SelfMeasured;
import io.eckermann.bench.system.SystemUnderTest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes systems through workloads in turns: each kind of workload, each repeat, each system. A system is started afresh for
 * each kind and repeat, and measured in one workload after the other.
 */
public final class Runner {
    private static final double TOLD_SECONDS = 3;
    /** Filling the page cache, start, stop, and deletion. */
    private static final int START_SECONDS = 12;

    private final Settings settings;
    private final Consumer<String> progress;
    private final Preparation preparation;

    /**
     * @param progress gets a line for what comes next
     * @param preparation of the machine before each start, such as {@link io.eckermann.bench.machine.PageCache#fill}
     */
    public Runner(Settings settings, Consumer<String> progress, Preparation preparation) {
        this.settings = settings;
        this.progress = progress;
        this.preparation = preparation;
    }

    /** Runs them; rows go to the sink as they come. A measurement that fails leaves a row that says why. */
    public List<Row> run(List<? extends Measured> systems, List<String> workloads, RowSink sink) throws Exception {
        List<List<Workload>> groups = groups(Workloads.named(workloads, settings));
        progress.accept("This takes about " + minutes(systems, groups) + " minutes.");
        List<Row> rows = new ArrayList<>();
        RowSink all = row -> {
            rows.add(row);
            sink.accept(row);
        };
        for (List<Workload> group : groups) {
            List<Measured> order = new ArrayList<>(systems);
            for (int repeat = 1; repeat <= settings.repeats(); repeat++) {
                for (Measured system : order) {
                    runGroup(system, supported(system, group), repeat, all);
                }
                // Nobody is always first.
                Collections.rotate(order, -1);
            }
        }
        return rows;
    }

    /** What is measured on one started system: workloads of one kind, or one alone. */
    private List<List<Workload>> groups(List<Workload> chosen) {
        Map<Object, List<Workload>> groups = new LinkedHashMap<>();
        for (Workload workload : chosen) {
            Object key = settings.fresh() || workload.kind() == Kind.ALONE ? workload.name() : workload.kind();
            groups.computeIfAbsent(key, none -> new ArrayList<>()).add(workload);
        }
        return List.copyOf(groups.values());
    }

    private List<Workload> supported(Measured system, List<Workload> group) {
        return group.stream()
                .filter(workload -> system.supports(workload.name()) && !settings.skips(system.name(), workload.name()))
                .toList();
    }

    private long minutes(List<? extends Measured> systems, List<List<Workload>> groups) {
        long seconds = 0;
        for (List<Workload> group : groups) {
            for (Measured system : systems) {
                List<Workload> supported = supported(system, group);
                boolean isFirst = true;
                for (Workload workload : supported) {
                    boolean isLimit = workload.name().equals(SelfMeasured.LIMITS);
                    Duration warm = isFirst ? settings.warm() : settings.next();
                    seconds += (isLimit ? 0 : warm.toSeconds())
                            + settings.measure().toSeconds();
                    seconds += workload.extraSeconds() + (isFirst ? START_SECONDS : 0);
                    isFirst = false;
                }
            }
        }
        return (seconds * settings.repeats() + 59) / 60;
    }

    /** Runs all of them, on one started system as far as possible. */
    private void runGroup(Measured system, List<Workload> group, int repeat, RowSink sink) throws IOException {
        int done = 0;
        while (done < group.size()) {
            done += runSome(system, group.subList(done, group.size()), repeat, sink);
        }
    }

    /** Runs the first of these, and more if the system allows; returns how many are done, one at least. */
    private int runSome(Measured system, List<Workload> workloads, int repeat, RowSink sink) throws IOException {
        Path directory = Files.createTempDirectory(settings.directory(), system.name() + "-");
        // For Ctrl-C.
        Thread atExit = new Thread(() -> cleanUp(directory), "clean up at exit");
        Runtime.getRuntime().addShutdownHook(atExit);
        int done = 0;
        try {
            prepare();
            if (system instanceof SelfMeasured self) {
                workloads.forEach(workload -> announce(system, workload, repeat));
                SelfMeasured.Times times = new SelfMeasured.Times(settings.warm(), settings.next(), settings.measure());
                List<String> names = workloads.stream().map(Workload::name).toList();
                for (Row row : self.measure(names, repeat, directory, times)) {
                    sink.accept(row);
                }
                return workloads.size();
            }
            SystemUnderTest started = (SystemUnderTest) system;
            long startedNs = System.nanoTime();
            try (RunningSystem running = started.start(directory)) {
                Session session = new Session(started, running, repeat, settings, startedNs);
                for (Workload workload : workloads) {
                    announce(system, workload, repeat);
                    for (Row row : workload.run(session)) {
                        sink.accept(row);
                    }
                    done++;
                    if (workload.breaksTheSystem()) {
                        break;
                    }
                }
            }
            return done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (Exception e) {
            if (done == workloads.size()) {
                throw new IOException(system.name() + " could not be stopped.", e);
            }
            progress.accept("It failed: " + e);
            sink.accept(notMeasured(system, workloads.get(done).name(), repeat, e));
            return done + 1;
        } finally {
            if (!isEnding(atExit)) {
                // While the memory is still used for the data: what is freed may be taken away by a virtual machine's
                // host,
                // and getting it back costs much more.
                try {
                    prepare();
                } finally {
                    deleteTree(directory);
                }
            }
        }
    }

    private void prepare() throws IOException {
        long startNs = System.nanoTime();
        preparation.prepare(settings.directory());
        double seconds = (System.nanoTime() - startNs) / 1e9;
        if (seconds > TOLD_SECONDS) {
            progress.accept("%.0f s went into filling the page cache.".formatted(seconds));
        }
    }

    private void announce(Measured system, Workload workload, int repeat) {
        progress.accept("%s (%s) on %s, %d of %d"
                .formatted(workload.name(), workload.description(), system.name(), repeat, settings.repeats()));
    }

    private static Row notMeasured(Measured system, String workload, int repeat, Exception why) {
        return new Row(
                system.name(),
                system.acknowledgement(),
                workload,
                repeat,
                Map.of(),
                List.of(),
                Trial.STEP_MS,
                "not measured: " + why);
    }

    private static boolean isEnding(Thread atExit) {
        try {
            return !Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** Ends the servers, which are all children of this process, and removes their data. */
    private static void cleanUp(Path directory) {
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
        try {
            deleteTree(directory);
        } catch (IOException e) {
            System.err.println(directory + " could not be removed: " + e);
        }
    }

    /** Takes rows as they come. */
    @FunctionalInterface
    public interface RowSink {
        void accept(Row row) throws IOException;
    }

    /** Makes the machine equal for all. */
    @FunctionalInterface
    public interface Preparation {
        /** The directory is below what is measured. */
        void prepare(Path directory) throws IOException;
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
