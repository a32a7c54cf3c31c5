package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CloudEvents in and out of the command line, against a cluster in memory. */
class CloudEventVerbsTest {
    private static final String SAID =
            "{\"specversion\":\"1.0\",\"id\":\"q1\",\"source\":\"/weimar\",\"type\":\"Said\","
                    + "\"subject\":\"goethe\",\"mood\":\"calm\",\"data\":{\"text\":\"More light!\"}}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeEndpoints cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = new FakeEndpoints(1);
        run("", "topic", "create", "quotes");
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void linesOfCloudEventsAreAppendedAndReadBack() throws IOException {
        assertThat(run(SAID + "\n", "append", "quotes", "--lines", "cloudevents"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("", "append", "quotes", "plain")).isEqualTo(ExitCode.OK);

        assertThat(run("", "read", "quotes", "-o", "json")).isEqualTo(ExitCode.OK);
        JsonNode event =
                Json.MAPPER.readTree(out.toString(StandardCharsets.UTF_8)).at("/events/0");
        assertThat(event.path("key").asText()).isEqualTo("goethe");
        assertThat(event.path("data").toString()).isEqualTo("{\"text\":\"More light!\"}");

        assertThat(run("", "read", "quotes", "-o", "cloudevents")).isEqualTo(ExitCode.OK);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode shown = Json.MAPPER.readTree(lines.get(0));
        Json.MAPPER
                .readTree(SAID)
                .properties()
                .forEach(attribute -> assertThat(shown.get(attribute.getKey()))
                        .as(attribute.getKey())
                        .isEqualTo(attribute.getValue()));
        assertThat(shown.path("eckermannposition").asText()).isEqualTo("1");
        assertThat(Json.MAPPER.readTree(lines.get(1)).path("data_base64").asText())
                .isEqualTo("cGxhaW4=");

        assertThat(run(String.join("\n", lines), "append", "quotes", "--lines", "cloudevents"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("", "read", "quotes", "--from", "3", "-o", "raw")).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"text\":\"More light!\"}\nplain\n");
    }

    @Test
    void lineThatIsNoCloudEventIsNamedWithWhatIsWrong() {
        assertThat(run(SAID + "\n{\"id\":\"1\"}\n", "append", "quotes", "--lines", "cloudevents"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Line 2: it is not a CloudEvent", "specversion", "Appended until then: 1.")
                .hasLineCount(1);
        assertThat(run(SAID, "append", "quotes", "--lines", "cloudevents", "--type", "T"))
                .isEqualTo(ExitCode.USAGE);
    }

    private int run(String in, String... arguments) {
        out.reset();
        err.reset();
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(
                new Console(
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, err, List.of(), Map.of()),
                env,
                arguments);
    }
}
