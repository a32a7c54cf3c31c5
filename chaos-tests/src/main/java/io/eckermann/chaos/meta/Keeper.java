package io.eckermann.chaos.meta;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.state.MetaKeeper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running {@link MetaKeeper}. Used by one thread. */
final class Keeper {
    /** All that it needs of the node's jars; with a logger it would start in twice the time. */
    private static final String NEEDED = "(raft-log|state-machine|ratis|slf4j-api)-.*";

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;

    /**
     * Starts it.
     *
     * @param mount of the disk with whose writes the shim meddles
     * @param log gets what it says beside
     */
    Keeper(NodeProgram program, Shim shim, Path mount, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                classPath(program),
                MetaKeeper.class.getName(),
                mount.resolve("raft").toString());
        builder.environment().putAll(shim.environment(mount));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    private static String classPath(NodeProgram program) throws IOException {
        List<Path> path = new ArrayList<>(program.ahead());
        for (Path jar : program.jars()) {
            if (jar.getFileName().toString().matches(NEEDED)) {
                path.add(jar);
            }
        }
        path.add(NodeProgram.ownClasses());
        return path.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /** What Ratis finds when it starts; null when it does not start. */
    @Nullable
    TermAndVote found() throws IOException {
        String line = out.readLine();
        return line == null ? null : TermAndVote.parse(line.substring(MetaKeeper.FOUND.length()));
    }

    /** Has it persist; says whether it told that it has, or died meanwhile. */
    boolean keeps(TermAndVote what) throws IOException {
        try {
            in.write(what.text());
            in.newLine();
            in.flush();
        } catch (IOException e) {
            return false; // a process that has ended reads nothing
        }
        String line = out.readLine();
        if (line != null && !line.equals(MetaKeeper.KEPT + what.text())) {
            throw new IOException("Asked to keep " + what.text() + ", it says: " + line);
        }
        return line != null;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
