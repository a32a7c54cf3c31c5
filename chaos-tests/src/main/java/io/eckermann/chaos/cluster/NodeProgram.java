package io.eckermann.chaos.cluster;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The packaged node and how it is run. Classes put ahead of it make another program of it, with a bug planted; the program
 * as packaged knows nothing of that.
 *
 * @param root of the source tree
 * @param ahead directories and jars that come before its own; mostly none
 * @param options of its JVM, beside those it always has
 */
public record NodeProgram(Path root, List<Path> ahead, List<String> options) {
    private static final List<String> SMALL =
            List.of("-XX:-UseG1GC", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m", "-Xms64m");

    /** As it is packaged, with as little memory as three on a small machine have. */
    public static NodeProgram packaged(Path root) {
        return new NodeProgram(root, List.of(), SMALL);
    }

    /**
     * Another build as it is packaged.
     *
     * @param root of its source tree, or what was unpacked of it: {@code gateway-http/target} is needed, with its jars
     * @throws IllegalArgumentException when there is none
     */
    public static NodeProgram ofBuild(Path root) {
        try {
            NodeProgram program = packaged(root.toRealPath());
            if (Files.isReadable(program.launcher()) && program.jars().size() > 1) {
                return program;
            }
        } catch (IOException e) {
            // It is not there, or has no jars.
        }
        throw new IllegalArgumentException(
                "There is no packaged node in " + root
                        + ": it has no gateway-http/target with bin/eckermann-node and jars; package it there, or name another");
    }

    /** The same with other classes ahead of its own. */
    public NodeProgram with(List<Path> classes) {
        return new NodeProgram(root, classes, options);
    }

    /** The same with more options. */
    public NodeProgram withOptions(List<String> more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(more);
        return new NodeProgram(root, ahead, all);
    }

    /** Where the classes of this program are, which runs nodes. */
    public static Path ownClasses() throws IOException {
        return classesOf(NodeProgram.class);
    }

    /** The directory or jar that a class is from. */
    public static Path classesOf(Class<?> type) throws IOException {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("This program does not know where it is", e);
        }
    }

    Path home() {
        return root.resolve("gateway-http/target");
    }

    private Path launcher() {
        return home().resolve("bin/eckermann-node");
    }

    /** Whether a process that runs with these words is of this build. */
    public boolean isOf(String commandLine) {
        return commandLine.contains(home() + "/");
    }

    /** Its jars in the order that counts: raft-log has classes that replace others. */
    public List<Path> jars() throws IOException {
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> libraries = Files.list(home().resolve("lib"))) {
            libraries.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
        try (Stream<Path> own = Files.list(home())) {
            own.filter(file -> file.getFileName().toString().matches("gateway-http-[^-]*(-SNAPSHOT)?\\.jar"))
                    .forEach(jars::add);
        }
        jars.sort(java.util.Comparator.comparing(
                file -> !file.getFileName().toString().startsWith("raft-log-")));
        return jars;
    }

    /** A node that ends with its stdin. */
    ProcessBuilder command(List<String> on, List<String> settings) throws IOException {
        List<String> command = new ArrayList<>(on);
        if (ahead.isEmpty()) {
            command.addAll(List.of("sh", launcher().toString()));
        } else {
            List<Path> path = new ArrayList<>(ahead);
            path.addAll(jars());
            command.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-ea"));
            command.addAll(options);
            command.addAll(List.of(
                    "-cp",
                    String.join(":", path.stream().map(Path::toString).toList()),
                    "io.eckermann.gateway.node.Main"));
        }
        command.addAll(List.of("serve", "--stop-on-stdin-eof"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ECKERMANN_NODE_OPTS", String.join(" ", options));
        return builder;
    }
}
