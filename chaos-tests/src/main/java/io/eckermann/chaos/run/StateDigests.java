package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.state.StateOf;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What all that a node holds comes to, topics, cursors, groups and everything: the same on every node that has applied the
 * same. Written to {@code nN/state.edn} of a run.
 */
final class StateDigests {
    private static final long PATIENCE_S = 60;

    private StateDigests() {}

    /** Looks into nodes that are stopped, at all of them at once. */
    static void write(NodeProgram program, List<Server> servers, Path directory) throws Exception {
        List<Path> jars = new ArrayList<>(program.jars());
        jars.add(NodeProgram.ownClasses());
        String path = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<Process> running = new ArrayList<>();
        for (Server server : servers) {
            Path file = Files.createDirectories(directory.resolve(server.id())).resolve("state.edn");
            running.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            path,
                            StateOf.class.getName(),
                            server.data().resolve("state").toString(),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(file.resolveSibling("state.log").toFile())
                    .start());
        }
        for (Process process : running) {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
