package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eckermann.chaos.Up.Node;
import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import io.eckermann.client.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tours of README.md and docs/dcb.md, and the examples with curl, work as they are written, but for the ports. */
class ReadmeTest {
    private static final int CURL_OUT_OF_TIME = 28;

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static Up up;

    @BeforeAll
    static void start() throws Exception {
        up = new Script(directory).up("--data", "data", "--http-port", "0", "--grpc-port", "0");
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    @BeforeEach
    void anEmptyCluster() throws Exception {
        assumeTrue(run("command -v curl").exitCode() == 0, "curl is not installed");
        try (EventStore store = EventStore.connect(up.endpoints())) {
            for (Topic topic : store.topics().list("", Consistency.LINEARIZABLE).join()) {
                store.topics().delete(topic.name()).join();
            }
        }
    }

    @Test
    void everyCommandOfTheTourWorks() throws Exception {
        List<String> commands = new ArrayList<>(commands("README.md", "## Five minutes", "And in Java"));
        assertThat(commands).hasSizeGreaterThan(12);
        commands.addAll(commands("docs/dcb.md", "## By hand", "## What to know"));
        for (String command : commands) {
            Script.Ended ended = run(onThesePorts(command, up.nodes()));
            boolean followsUntilItsTimeIsUp = command.contains("--max-time");
            assertThat(ended.exitCode())
                    .as(command + "\n" + ended.out())
                    .isEqualTo(followsUntilItsTimeIsUp ? CURL_OUT_OF_TIME : 0);
            assertThat(ended.out()).as(command).isNotEmpty();
        }
    }

    @Test
    void everyExampleOfTheHttpPageWorks() throws Exception {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", ReadmeTest::takeEvents);
        receiver.start();
        try {
            String address = "127.0.0.1:" + receiver.getAddress().getPort();
            assertThat(failures("docs/http.md", 70, example -> example.replace("127.0.0.1:8090", address)))
                    .isEmpty();
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void everyExampleOfThePageOnCloudEventsWorks() throws Exception {
        assertThat(failures("docs/cloudevents.md", 6, example -> example)).isEmpty();
    }

    /** As a receiver of webhooks that wants them from everybody. */
    private static void takeEvents(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("WebHook-Allowed-Origin", "*");
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static List<String> failures(String page, int atLeast, UnaryOperator<String> onOurPorts)
            throws IOException, InterruptedException {
        List<String> examples = Shell.examples(Script.root().resolve(page)).stream()
                .map(onOurPorts)
                .toList();
        assertThat(examples).hasSizeGreaterThan(atLeast);
        return new Shell(directory).failures(examples, up.nodes().get(0).http());
    }

    /** What is indented between two places of a page, but for what the program itself said. */
    private static List<String> commands(String file, String from, String to) throws IOException {
        String page = Files.readString(Script.root().resolve(file));
        return page.substring(page.indexOf(from), page.indexOf(to))
                .lines()
                .filter(line -> line.startsWith("    ") && !line.startsWith("    eckermann:"))
                .map(String::strip)
                .toList();
    }

    private static String onThesePorts(String command, List<Node> nodes) {
        String here = command.replace("./eckermann", "'" + Script.root().resolve("eckermann") + "'")
                .replaceFirst("^curl ", "curl --silent --show-error --fail-with-body ");
        here = here.replaceAll("(?<![\\w/])client/", Script.root().resolve("client") + "/");
        for (int i = 0; i < nodes.size(); i++) {
            here = here.replace("127.0.0.1:" + (8081 + i), nodes.get(i).http())
                    .replace("127.0.0.1:" + (7301 + i), nodes.get(i).grpc());
        }
        return here;
    }

    private Script.Ended run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().put("ECKERMANN_NO_BUILD", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command).isTrue();
        return new Script.Ended(process.exitValue(), out, "");
    }
}
