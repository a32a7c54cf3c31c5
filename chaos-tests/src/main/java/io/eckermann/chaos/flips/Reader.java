package io.eckermann.chaos.flips;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.state.FlippedState;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A running {@link FlippedState}. Used by one thread. */
final class Reader {
    private static final long ANSWER_S = 60;

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;

    /**
     * Starts it.
     *
     * @param whole the directory of a stopped node
     * @param log gets what it says beside
     * @throws IOException when it can't read that directory as it is
     */
    Reader(NodeProgram program, Path whole, Path copies, Path log) throws IOException {
        List<Path> jars = new ArrayList<>(program.ahead());
        jars.addAll(program.jars());
        jars.add(NodeProgram.ownClasses());
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                        FlippedState.class.getName(),
                        whole.toString(),
                        copies.toString())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        if (out.readLine() == null) {
            throw new IOException("A node's directory could not be read though nothing was flipped: see " + log);
        }
    }

    /** What came of a flip, in the words of {@link FlippedState}; that it broke also when the process did, or went on and on. */
    String outcome(String file, long at, int bit) throws IOException {
        String line = null;
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(ANSWER_S, TimeUnit.SECONDS));
        try {
            in.write(file + " " + at + " " + bit);
            in.newLine();
            in.flush();
            line = out.readLine();
        } catch (IOException e) {
            // It has ended.
        } finally {
            late.cancel(false);
        }
        return line == null ? FlippedState.BROKE + " the process ended, or was ended after " + ANSWER_S + " s" : line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
