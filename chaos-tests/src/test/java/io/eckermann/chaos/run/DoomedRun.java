package io.eckermann.chaos.run;

import io.eckermann.chaos.disk.LoopDisk;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A run that makes a file, a process and, with a tool, a disk, says so, and then ends as it is told: by itself, or not at all. */
final class DoomedRun {
    private static final long DISK_BYTES = 8L << 20;

    private DoomedRun() {}

    /** Takes a directory, how long its process sleeps, how it ends (returns, hangs, waits), and maybe the tool of disks. */
    public static void main(String[] words) throws Exception {
        Path directory = Path.of(words[0]);
        boolean hangs = words[2].equals("hangs");
        Resources resources = Resources.removedAtExit(directory.resolve("resources.edn"));
        Watchdog watchdog = new Watchdog(hangs ? Duration.ofMillis(200) : Duration.ofMinutes(2), resources);
        Path file = directory.resolve("made");
        resources.make("file", "made", () -> Files.createFile(file), () -> Files.delete(file));
        Process[] process = new Process[1];
        resources.make(
                "process",
                "sleep",
                () -> process[0] = new ProcessBuilder("sleep", words[1]).start(),
                () -> Optional.ofNullable(process[0]).ifPresent(Process::destroyForcibly));
        if (words.length > 3) {
            LoopDisk disk =
                    new LoopDisk(LoopDisk.Kind.EXT4, "n1.disk", directory, DISK_BYTES, Path.of(words[3]), resources);
            Files.writeString(disk.mount().resolve("data"), "held");
        }
        System.out.println("made");
        if (words[2].equals("returns")) {
            watchdog.close();
            System.exit(0);
        }
        Patience.rest(Duration.ofMinutes(5));
    }
}
