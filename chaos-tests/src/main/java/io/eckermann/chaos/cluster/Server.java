package io.eckermann.chaos.cluster;

import io.eckermann.chaos.disk.Disk;
import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Hosts;
import io.eckermann.chaos.shim.Shim;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node: its host, its disk, and the process that runs now or ran last. Thread safe. */
public final class Server {
    private final int number;
    private final Hosts hosts;
    private final Disk disk;
    private final @Nullable Shim shim;
    private final Path log;
    private final List<String> settings;
    private NodeProgram program;
    private List<String> moreSettings = List.of();
    private List<String> moreOptions = List.of();
    private @Nullable Process process;

    Server(
            int number,
            Hosts hosts,
            Disk disk,
            @Nullable Shim shim,
            Path log,
            NodeProgram program,
            List<String> settings) {
        this.number = number;
        this.hosts = hosts;
        this.disk = disk;
        this.shim = shim;
        this.log = log;
        this.program = program;
        this.settings = List.copyOf(settings);
    }

    public int number() {
        return number;
    }

    public String id() {
        return "n" + number;
    }

    public Disk disk() {
        return disk;
    }

    public Optional<Shim> shim() {
        return Optional.ofNullable(shim);
    }

    /** The shim, where the fault could not have begun without. */
    public Shim needShim() {
        return Objects.requireNonNull(shim, "no shim");
    }

    public Path data() {
        return disk.mount().resolve("data");
    }

    /** Its log lines, of all its processes. */
    public Path log() {
        return log;
    }

    /** Starts a process, when none runs; returns at once. Of two faults that overlap each may start a node that both took away. */
    public synchronized void start() throws IOException {
        if (isAlive()) {
            return;
        }
        List<String> arguments = new ArrayList<>(settings);
        arguments.addAll(moreSettings);
        arguments.add("node.id=" + id());
        arguments.add("node.data-directory=" + data());
        if (!hosts.bindAddress(number).isEmpty()) {
            arguments.add("node.bind-host=" + hosts.bindAddress(number));
        }
        ProcessBuilder builder = program.withOptions(moreOptions).command(hosts.on(number), arguments);
        if (shim != null) {
            builder.environment().putAll(shim.environment(disk.mount()));
        }
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process started = builder.start();
        process = started;
        hosts.runs(number, started.pid());
        // It would stop when nobody took its words; it ends with its standard input.
        Thread listener = new Thread(() -> discard(started), "stdout of " + id());
        listener.setDaemon(true);
        listener.start();
    }

    /** From its next start on it has these settings, too, which count more than the others. */
    synchronized void settle(List<String> more) {
        moreSettings = List.copyOf(more);
    }

    /** From its next start on its JVM has these options, too, which count more than the others. */
    public synchronized void options(List<String> more) {
        moreOptions = List.copyOf(more);
    }

    /** The program of which it is from its next start on. */
    public synchronized NodeProgram program() {
        return program;
    }

    /** From its next start on it is of this program. */
    public synchronized void runs(NodeProgram other) {
        program = other;
    }

    /** With what words it runs; empty when there is no process. */
    public String commandLine() {
        try {
            return Files.readString(Path.of("/proc/" + pid() + "/cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** Forgets all that it ever held. Its process must have ended. */
    void wipe() throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void discard(Process process) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            while (out.readLine() != null) {}
        } catch (IOException e) {
            // The process has ended.
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    public synchronized long pid() {
        return process == null ? -1 : process.pid();
    }

    /** The exit code of the process; empty while it runs. */
    public synchronized Optional<Integer> exitCode() {
        return process == null || process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Kills it with SIGKILL and waits until it is gone. */
    public void kill() throws InterruptedException {
        Process victim = running();
        if (victim != null) {
            victim.destroyForcibly();
            victim.waitFor();
        }
    }

    /** Asks it to stop; kills it when it has not after a while. */
    public void stop() throws InterruptedException {
        Process victim = running();
        if (victim != null) {
            victim.destroy();
            if (!victim.waitFor(20, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    private synchronized @Nullable Process running() {
        return process;
    }

    /** Stops its time, or lets it go on; nothing when there is no process. */
    public void signal(String name) throws IOException, InterruptedException {
        try {
            Commands.run("kill", "-" + name, Long.toString(pid()));
        } catch (IOException e) {
            if (isAlive()) {
                throw e;
            }
        }
    }

    /** The state of the process as the kernel names it: R, S, T for stopped, Z; empty when there is none. */
    public String processState() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException e) {
            return "";
        }
    }

    /** The directory of its Raft group, where raft-meta and the segments are. */
    public Path raftDirectory() {
        try (Stream<Path> groups = Files.list(data().resolve("raft"))) {
            return groups.filter(Files::isDirectory).findFirst().orElseThrow().resolve("current");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many lines of its log have a text. */
    public long linesWith(String text) throws IOException {
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }
}
