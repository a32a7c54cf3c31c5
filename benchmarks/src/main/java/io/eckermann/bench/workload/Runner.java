package io.eckermann.bench.workload;

import io.eckermann.bench.machine.PageCache;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes systems through workloads in turns: each workload, each repeat, each system, started afresh every time. */
public final class Runner {
    private final Settings settings;
    private final Consumer<String> progress;

    /** The progress gets a line for what comes next. */
    public Runner(Settings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Runs them; rows go to the sink as they come. A measurement that fails leaves a row that says why. */
    public List<Row> run(List<? extends Measured> systems, List<String> workloads, RowSink sink) throws Exception {
        List<Workload> chosen = Workloads.named(workloads, settings);
        List<Row> rows = new ArrayList<>();
        for (Workload workload : chosen) {
            List<Measured> order = new ArrayList<>(
                    systems.stream().filter(s -> s.supports(workload.name())).toList());
            for (int repeat = 1; repeat <= settings.repeats(); repeat++) {
                for (Measured system : order) {
                    progress.accept("%s (%s) on %s, %d of %d"
                            .formatted(
                                    workload.name(),
                                    workload.description(),
                                    system.name(),
                                    repeat,
                                    settings.repeats()));
                    for (Row row : runOne(system, workload, repeat)) {
                        rows.add(row);
                        sink.accept(row);
                    }
                }
                // Nobody is always first.
                Collections.rotate(order, -1);
            }
        }
        return rows;
    }

    private List<Row> runOne(Measured system, Workload workload, int repeat) throws IOException {
        Path directory = Files.createTempDirectory(settings.directory(), system.name() + "-");
        // For Ctrl-C.
        Thread atExit = new Thread(() -> cleanUp(directory), "clean up at exit");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            PageCache.fill(settings.directory());
            return measured(system, workload, repeat, directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (Exception e) {
            progress.accept("It failed: " + e);
            return List.of(new Row(
                    system.name(),
                    system.acknowledgement(),
                    workload.name(),
                    repeat,
                    Map.of(),
                    List.of(),
                    Trial.STEP_MS,
                    "not measured: " + e));
        } finally {
            if (!isEnding(atExit)) {
                deleteTree(directory);
            }
        }
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

    private List<Row> measured(Measured measured, Workload workload, int repeat, Path directory) throws Exception {
        if (measured instanceof SelfMeasured self) {
            return self.measure(workload.name(), repeat, directory, settings.warm(), settings.measure());
        }
        SystemUnderTest system = (SystemUnderTest) measured;
        try (RunningSystem running = system.start(directory)) {
            return workload.run(system, running, repeat, settings);
        }
    }

    /** Takes rows as they come. */
    @FunctionalInterface
    public interface RowSink {
        void accept(Row row) throws IOException;
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
