package io.eckermann.chaos.host;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import io.eckermann.chaos.shim.NativeTools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three hosts, two of them with a program each, and what one hears of the other while a link is cut and when it is healed. */
final class Exchange {
    private Exchange() {}

    /** In namespaces that were made for this process; prints what it saw. Takes where the native tools are and are built, and a file. */
    public static void main(String[] words) throws Exception {
        NativeTools tools = new NativeTools(Path.of(words[0]), Path.of(words[1]));
        for (int time = 1; time <= 2; time++) { // hosts are made anew as soon as the others are removed
            try (Resources resources = Resources.removedAtExit(Path.of(words[2]))) {
                System.out.println(String.join(", ", of(new NamespaceHosts("user", 2, tools, resources), 7000)));
            }
        }
        System.exit(0);
    }

    /** What was seen: of the link, then of the client's own host, which is not cut. */
    static List<String> of(Hosts hosts, int port) throws Exception {
        List<String> seen = new ArrayList<>();
        String bind = hosts.bindAddress(1).isEmpty() ? hosts.address(1) : hosts.bindAddress(1);
        try (Program answering = new Program(hosts, 1, "answer", bind, port);
                Program asking = new Program(hosts, 2, "ask", hosts.address(1), port)) {
            seen.add(answering.hear());
            seen.add(asking.tell("connect"));
            seen.add(asking.tell("ask"));
            Network network = hosts.network();
            Network.Counts before = network.counts();
            network.link(2, 1, Link.CUT);
            seen.add(asking.tell("try"));
            seen.add(network.counts().since(before).lost() > 0 ? "lost" : "nothing lost");
            try (Program client = new Program(hosts, 0, "ask", hosts.address(1), port)) {
                client.tell("connect");
                seen.add("client " + client.tell("ask"));
            }
            network.heal();
            seen.add(asking.tell("wait"));
        }
        return seen;
    }

    /** A program on a host. */
    private static final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final Writer in;

        Program(Hosts hosts, int host, String does, String address, int port) throws IOException {
            List<String> command = new ArrayList<>(host == 0 ? List.of() : hosts.on(host));
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-XX:+UseSerialGC",
                    "-Xmx16m",
                    "-cp",
                    classes(),
                    Echo.class.getName(),
                    does,
                    address,
                    Integer.toString(port)));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            hosts.runs(host, process.pid());
            out = process.inputReader(StandardCharsets.UTF_8);
            in = process.outputWriter(StandardCharsets.UTF_8);
        }

        private static String classes() throws IOException {
            return NodeProgram.classesOf(Echo.class).toString();
        }

        String hear() throws IOException {
            return String.valueOf(out.readLine());
        }

        String tell(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
            return hear();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
