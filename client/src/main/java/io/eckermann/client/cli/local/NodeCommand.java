package io.eckermann.client.cli.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How to run the node's main: the start script knows its class path. */
public final class NodeCommand {
    static final String MAIN = "io.eckermann.gateway.node.Main";

    private static final String CLASS_PATH = "eckermann.node.classpath";
    private static final String OPTIONS = "ECKERMANN_NODE_OPTS";

    /** The command line's own variables; a node takes every other of this prefix for a setting. */
    private static final Set<String> OWN_VARIABLES =
            Set.of("ECKERMANN_DATA", "ECKERMANN_ENDPOINTS", OPTIONS, "ECKERMANN_NO_BUILD");

    private NodeCommand() {}

    /**
     * A process that runs the node's main with these arguments; not started.
     *
     * @throws LocalException when the class path is not known
     */
    public static ProcessBuilder builder(List<String> arguments) {
        String classPath = System.getProperty(CLASS_PATH, "");
        if (classPath.isEmpty()) {
            throw new LocalException("The node's class path is not known: start with the eckermann script.");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx384m"));
        String options = System.getenv().getOrDefault(OPTIONS, "").trim();
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split("\\s+")));
        }
        command.addAll(List.of("-cp", classPath, MAIN));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(OWN_VARIABLES);
        return builder;
    }
}
