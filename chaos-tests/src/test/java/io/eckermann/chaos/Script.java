package io.eckermann.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The start script at the top of the source tree, run as a process. It never builds: the reactor has done so. */
final class Script {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final long PATIENCE_S = 240;

    private final Path directory;
    private final Map<String, String> environment;

    /** @param directory where it is run, and where its outputs are kept */
    Script(Path directory) {
        this(directory, Map.of());
    }

    /** @param environment set besides what this process has */
    Script(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** How a command ended and what it said. */
    record Ended(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }
    }

    static Path root() {
        return Path.of(System.getProperty("eckermann.root", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /** Runs a command to its end, with nothing on stdin. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = builder(arguments)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError(List.of(arguments) + " did not end; it said: " + Files.readString(err));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Starts {@code up --json} and waits for its line. */
    Up up(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--json"));
        arguments.addAll(List.of(more));
        Path err = Files.createTempFile(directory, "up", ".txt");
        Process process = builder(arguments.toArray(String[]::new))
                .redirectError(err.toFile())
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("up ended before it was ready; it said: " + Files.readString(err));
        }
        return new Up(process, JSON.readTree(line), err);
    }

    private ProcessBuilder builder(String... arguments) throws IOException {
        Launcher.rehearse();
        List<String> command =
                new ArrayList<>(List.of(root().resolve("eckermann").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().put("ECKERMANN_NO_BUILD", "1");
        builder.environment().putAll(environment);
        return builder;
    }
}
