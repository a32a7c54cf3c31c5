package io.eckermann.chaos.shim;

import io.eckermann.chaos.host.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written in C, built by gcc when it is first needed. */
public final class NativeTools {
    private final Path directory;
    private final @Nullable String missing;

    /**
     * Builds what is older than its source.
     *
     * @param sources with the C files
     * @param directory where to build
     */
    public NativeTools(Path sources, Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.createDirectories(directory);
        String why = null;
        if (Commands.find("gcc").isEmpty()) {
            why = "gcc is not there";
        } else {
            try {
                build(sources.resolve("chaos_switch.c"), networkSwitch());
                build(sources.resolve("chaos_tool.c"), tool());
                build(sources.resolve("libchaos.c"), library(), "-shared", "-fPIC", "-lpthread", "-ldl");
            } catch (IOException e) {
                why = "gcc failed: " + e.getMessage();
            }
        }
        missing = why;
    }

    private static void build(Path source, Path target, String... more) throws IOException, InterruptedException {
        if (Files.exists(target)
                && Files.getLastModifiedTime(target).compareTo(Files.getLastModifiedTime(source)) >= 0) {
            return;
        }
        // Under another name first: somebody else may be running it.
        Path fresh = target.resolveSibling(
                target.getFileName() + "." + ProcessHandle.current().pid());
        String[] command = {"gcc", "-O2", "-o", fresh.toString(), source.toString()};
        String[] whole = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, whole, command.length, more.length);
        Commands.run(whole);
        Files.move(fresh, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** Why there are none; empty when all is there. */
    public Optional<String> missing() {
        return Optional.ofNullable(missing);
    }

    public Path networkSwitch() {
        return directory.resolve("chaos_switch");
    }

    public Path tool() {
        return directory.resolve("chaos_tool");
    }

    public Path library() {
        return directory.resolve("libchaos.so");
    }
}
