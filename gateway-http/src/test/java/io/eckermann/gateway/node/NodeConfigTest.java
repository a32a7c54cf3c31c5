package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeConfigTest {
    @TempDir
    Path directory;

    @Test
    void defaultsAreOneNodeOnLoopback() throws Exception {
        NodeConfig config = NodeConfig.load(null, Map.of(), List.of());

        assertThat(config.self().id()).isEqualTo("n1");
        assertThat(config.others()).isEmpty();
        assertThat(config.grpcBind()).hasToString("127.0.0.1:7301");
        assertThat(config.effective()).allMatch(value -> value.origin().equals("default"));
    }

    @Test
    void laterSourcesWinAndEveryValueKnowsItsOrigin() throws Exception {
        Path file = file("""
                cluster: {id: shop}
                clock.max-offset: 7s
                raft:
                  snapshot-after: 10MiB
                  entries-kept: 5
                """);

        NodeConfig config = NodeConfig.load(
                file,
                Map.of("ECKERMANN_RAFT_ENTRIES_KEPT", "6", "ECKERMANN_HTTP_PORT", "9000", "PATH", "/bin"),
                List.of("http.port=9001"));

        assertThat(config.clusterId()).isEqualTo("shop");
        assertThat(config.clockMaxOffset()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.snapshotAfter()).isEqualTo(new ByteSize(10 << 20));
        assertThat(config.entriesKept()).isEqualTo(6);
        assertThat(config.httpBind().port()).isEqualTo(9001);
        assertThat(origin(config, "cluster.id")).isEqualTo("file " + file);
        assertThat(origin(config, "raft.entries-kept")).isEqualTo("env ECKERMANN_RAFT_ENTRIES_KEPT");
        assertThat(origin(config, "http.port")).isEqualTo("--set");
        assertThat(origin(config, "grpc.port")).isEqualTo("default");
    }

    @Test
    void nodesComeFromFileOrTextAlike() throws Exception {
        Path file = file("""
                node.id: n2
                nodes:
                  - {id: n1, raft: 'a:1', grpc: 'a:2', http: 'a:3'}
                  - {id: n2, raft: 'b:1', grpc: 'b:2', http: 'b:3'}
                """);
        String text = "[{id: n1, raft: a:1, grpc: a:2, http: a:3}, {id: n2, raft: b:1, grpc: b:2, http: b:3}]";

        NodeConfig fromFile = NodeConfig.load(file, Map.of(), List.of());
        NodeConfig fromText = NodeConfig.load(null, Map.of(), List.of("node.id=n2", "nodes=" + text));

        assertThat(fromFile.nodes()).isEqualTo(fromText.nodes()).hasSize(2);
        assertThat(fromFile.self().http()).hasToString("b:3");
    }

    @Test
    void allowedOriginsAreAsBrowsersWriteThem() throws Exception {
        assertThat(NodeConfig.load(null, Map.of(), List.of()).allowedOrigins()).isEmpty();
        assertThat(NodeConfig.load(
                                file("http.allowed-origins: ['https://app.example.org', 'http://localhost:3000']"),
                                Map.of(),
                                List.of())
                        .allowedOrigins())
                .containsExactly("https://app.example.org", "http://localhost:3000");
        assertThat(NodeConfig.load(null, Map.of("ECKERMANN_HTTP_ALLOWED_ORIGINS", "['*']"), List.of())
                        .allowedOrigins())
                .containsExactly("*");
        for (String wrong : List.of("[https://a.org/]", "[a.org]", "[https://A.org]", "https://a.org", "[")) {
            assertThat(problems(null, Map.of(), List.of("http.allowed-origins=" + wrong)))
                    .as(wrong)
                    .hasSize(1);
        }
    }

    @Test
    void keyGivenTwiceInTheFileIsRefused() throws Exception {
        Path file = file("http:\n  port: 1\ncluster.id: a\nhttp:\n  port: 2\n");

        assertThat(problems(file, Map.of(), List.of()).get(0)).contains("http").contains("Duplicate");
    }

    @Test
    void unknownKeysNameTheNearest() throws Exception {
        Path file = file("node:\n  data-dir: /x\n");

        assertThat(problems(file, Map.of("ECKERMANN_CLUSTERID", "x"), List.of("htp.port=1")))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("'node.data-dir' (file " + file + ")")
                        && problem.contains("did you mean 'node.data-directory'?"))
                .anyMatch(problem ->
                        problem.contains("ECKERMANN_CLUSTERID") && problem.contains("mean ECKERMANN_CLUSTER_ID?"))
                .anyMatch(problem -> problem.contains("'htp.port' (--set)") && problem.contains("'http.port'"));
    }

    @Test
    void variablesOfKubernetesAndOfTheCommandLineAreNoKeys() throws Exception {
        Map<String, String> environment = Map.of(
                "ECKERMANN_SERVICE_HOST", "10.0.0.1",
                "ECKERMANN_HTTP_PORT", "tcp://10.0.0.1:80",
                "ECKERMANN_SERVICE_PORT_HTTP", "80",
                "ECKERMANN_PORT_7301_TCP_ADDR", "10.0.0.1",
                "ECKERMANN_DATA", "/data");

        assertThat(NodeConfig.load(null, environment, List.of()).effective()).isNotEmpty();
    }

    @Test
    void badValuesSayWhatTheyShouldBe() {
        assertThat(problems(null, Map.of(), List.of("clock.max-offset=5 seconds")))
                .containsExactly(
                        "clock.max-offset (--set): '5 seconds' is not a duration such as 500ms, 5s, 2m or 1h.");
        assertThat(problems(null, Map.of(), List.of("raft.segment-size=64MB")).get(0))
                .contains("'64MB' is not a size such as 512B, 64KiB, 64MiB or 2GiB");
        assertThat(problems(null, Map.of(), List.of("http.port=70000")).get(0)).contains("not a port");
        assertThat(problems(null, Map.of(), List.of("http.port=-1")).get(0)).contains("not a whole number");
        assertThat(problems(null, Map.of(), List.of("cluster.id=a b")).get(0)).contains("not a name");
        assertThat(problems(null, Map.of(), List.of("nodes=[{id: n1}]")).get(0)).contains("exactly the fields");
        assertThat(problems(null, Map.of(), List.of("raft.segment-size=999999999999GiB")))
                .hasSize(1);
        assertThat(problems(null, Map.of(), List.of("novalue")).get(0)).contains("--set takes key=value");
    }

    @Test
    void contradictionsAreRefused() {
        assertThat(problems(null, Map.of(), List.of("node.id=n9")).get(0)).contains("no node n9 is among nodes");
        assertThat(problems(null, Map.of(), List.of("raft.election-timeout-min=3s"))
                        .get(0))
                .contains("must be less than raft.election-timeout-max");
        assertThat(problems(null, Map.of(), List.of("nodes=[{id: n1, raft: a:1, grpc: a:1, http: a:3}]")))
                .containsExactly("nodes: the address a:1 is given twice.");
    }

    @Test
    void fileThatIsNoYamlSaysWhere() throws Exception {
        Path file = file("cluster:\n  id: [unclosed\n");

        assertThat(problems(file, Map.of(), List.of()).get(0)).contains("is not YAML (line");
        assertThat(problems(directory.resolve("missing.yml"), Map.of(), List.of())
                        .get(0))
                .contains("can't be read");
    }

    @Test
    void sizesAndDurationsReadBackAsWritten() {
        for (String text : List.of("0B", "512B", "64KiB", "10MiB", "2GiB")) {
            assertThat(ByteSize.parse(text)).hasToString(text);
        }
        for (String text : List.of("0ms", "500ms", "5s", "2m", "1h")) {
            assertThat(Durations.text(Durations.parse(text))).isEqualTo(text);
        }
        assertThatThrownBy(() -> ByteSize.parse("-1B")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteSize.parse("999999999999GiB")).isInstanceOf(IllegalArgumentException.class);
    }

    private Path file(String yaml) throws Exception {
        Path file = directory.resolve("node.yml");
        Files.writeString(file, yaml);
        return file;
    }

    private static String origin(NodeConfig config, String key) {
        return config.effective().stream()
                .filter(value -> value.key().equals(key))
                .findFirst()
                .orElseThrow()
                .origin();
    }

    private static List<String> problems(
            @Nullable Path file, Map<String, String> environment, List<String> assignments) {
        try {
            NodeConfig.load(file, environment, assignments);
        } catch (ConfigException e) {
            return e.problems();
        }
        throw new AssertionError("nothing was wrong with " + assignments);
    }
}
