package io.eckermann.client.cli.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How to run the node's launcher, which lies beside the node's jars: the start script knows where. */
public final class NodeCommand {
    static final String MAIN = "io.eckermann.gateway.node.Main";

    private static final String LAUNCHER = "eckermann.node.launcher";

    /** The command line's own variables; a node takes every other of this prefix for a setting. */
    private static final Set<String> OWN_VARIABLES =
            Set.of("ECKERMANN_DATA", "ECKERMANN_ENDPOINTS", "ECKERMANN_NO_BUILD");

    private NodeCommand() {}

    /**
     * A process that runs the node's main with these arguments, on the Java of this process; not started.
     *
     * @throws LocalException when the launcher is not known
     */
    public static ProcessBuilder builder(List<String> arguments) {
        String launcher = System.getProperty(LAUNCHER, "");
        if (launcher.isEmpty()) {
            throw new LocalException("The node's launcher is not known: start with the eckermann script.");
        }
        List<String> command = new ArrayList<>(List.of("sh", launcher));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(OWN_VARIABLES);
        environment.put("JAVA_HOME", Path.of(System.getProperty("java.home")).toString());
        return builder;
    }
}
