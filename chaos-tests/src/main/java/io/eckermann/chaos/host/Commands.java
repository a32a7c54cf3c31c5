package io.eckermann.chaos.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Other programs, run to their end. */
public final class Commands {
    private static final long PATIENCE_S = 60;

    private Commands() {}

    /**
     * Runs a program and returns what it printed.
     *
     * @throws IOException when it fails; the message has what it said
     */
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("No end within " + PATIENCE_S + " s: " + String.join(" ", command));
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        return said;
    }

    public static String run(List<String> command) throws IOException, InterruptedException {
        return run(command.toArray(String[]::new));
    }

    /** Whether a program ends well. */
    public static boolean works(String... command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where a program is, also in the directories of the administrator. */
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/sbin";
        for (String directory : List.of(path.split(File.pathSeparator, -1))) {
            Path file = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}
