package io.eckermann.chaos.host;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A control group whose processes have so much memory together, below that of this process, or beside it where the kernel
 * allows none below (version 2, but for the root). What its processes had before they came in is not counted.
 */
public final class MemoryGroup {
    private static final Duration EMPTY = Duration.ofSeconds(10);
    private static final long FILL_S = 30;

    /** Where groups are, and what their files are called. */
    private record Version(Path mount, String line, String limit, String events) {
        static final List<Version> ALL = List.of(
                new Version(
                        Path.of("/sys/fs/cgroup/memory"), ":memory:", "memory.limit_in_bytes", "memory.oom_control"),
                new Version(Path.of("/sys/fs/cgroup"), "0::", "memory.max", "memory.events"));

        /** Where a new group may be. */
        List<Path> parents() {
            List<Path> parents = new ArrayList<>();
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/cgroup"))) {
                lines.filter(each -> each.contains(line)).findFirst().ifPresent(each -> {
                    Path own = mount.resolve(each.substring(each.indexOf(line) + line.length() + 1));
                    parents.add(own);
                    if (line.equals("0::") && !own.equals(mount)) {
                        parents.add(own.getParent());
                    }
                });
            } catch (IOException e) {
                return List.of(); // a kernel without groups
            }
            return parents;
        }
    }

    private final Version version;
    private final Path directory;
    private long kills;

    private MemoryGroup(Version version, Path directory) {
        this.version = version;
        this.directory = directory;
    }

    /** Why there can be none here; empty when there can. */
    public static Optional<String> missing() {
        return place("chaos-try-" + ProcessHandle.current().pid()).isPresent()
                ? Optional.empty()
                : Optional.of("no control group of memory can be made here");
    }

    /**
     * A group that does not exist yet.
     *
     * @throws IOException when there can be none
     */
    public static MemoryGroup named(String name) throws IOException {
        return place(name).orElseThrow(() -> new IOException("No control group of memory can be made here."));
    }

    /** Where a group of a name can be: a trial shows it. */
    private static Optional<MemoryGroup> place(String name) {
        for (Version version : Version.ALL) {
            for (Path parent : version.parents()) {
                MemoryGroup group = new MemoryGroup(version, parent.resolve(name));
                if (group.canBeMade()) {
                    return Optional.of(group);
                }
            }
        }
        return Optional.empty();
    }

    private boolean canBeMade() {
        try {
            make(1L << 30);
            return true;
        } catch (IOException e) {
            return false; // it may not be written, or has no limit of memory
        } finally {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                // It was not made.
            }
        }
    }

    /** Makes it, without a process in it. */
    public void make(long bytes) throws IOException {
        Files.createDirectory(directory);
        write(version.limit(), bytes);
        // What is swapped out is not missing.
        for (String swap : List.of("memory.swap.max", "memory.swappiness")) {
            if (Files.exists(directory.resolve(swap))) {
                write(swap, 0);
            }
        }
    }

    /** Takes a process in, with all its threads. */
    public void add(long pid) throws IOException {
        write("cgroup.procs", pid);
    }

    private void write(String file, long number) throws IOException {
        Path path = directory.resolve(file);
        if (!Files.exists(path)) {
            throw new IOException("There is no " + path);
        }
        Files.writeString(path, number + "\n");
    }

    /** A process in it takes so much memory; returns when it has ended, of itself or killed. */
    public void fill(long bytes) throws IOException, InterruptedException {
        Process hog = new ProcessBuilder(
                        "sh",
                        "-c",
                        "echo $$ > '" + directory.resolve("cgroup.procs") + "' && exec dd if=/dev/zero of=/dev/null bs="
                                + bytes + " count=1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!hog.waitFor(FILL_S, TimeUnit.SECONDS)) {
            hog.destroyForcibly();
        }
    }

    /** How many processes the kernel killed for want of memory; the last known number when the group is gone. */
    public long kills() throws IOException {
        Path events = directory.resolve(version.events());
        if (Files.exists(events)) {
            try (Stream<String> lines = Files.lines(events)) {
                kills = lines.filter(each -> each.startsWith("oom_kill "))
                        .mapToLong(each -> Long.parseLong(each.substring("oom_kill ".length())))
                        .sum();
            }
        }
        return kills;
    }

    /** Removes it, once its processes have ended. Does nothing when it is gone. */
    public void remove() throws Exception {
        boolean gone = Patience.until(EMPTY, () -> {
            try {
                Files.deleteIfExists(directory);
                return true;
            } catch (FileSystemException e) {
                return false; // who was killed is still on the way out
            }
        });
        if (!gone) {
            throw new IOException("There are still processes in " + directory);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
