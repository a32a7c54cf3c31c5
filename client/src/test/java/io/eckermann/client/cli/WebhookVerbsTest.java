package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.FakeEndpoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The verbs about webhooks, against a cluster in memory. */
class WebhookVerbsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static FakeEndpoints cluster;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startCluster() throws IOException {
        cluster = new FakeEndpoints(1);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void aWebhookIsMadeShownChangedPausedAndDeleted() throws IOException {
        JsonNode made =
                json("create", "orders", "mail", "--url", "https://a/", "--secret", SECRET, "--min-backoff", "2s");
        assertThat(made.at("/settings/url").asText()).isEqualTo("https://a/");
        assertThat(made.at("/settings/signed").asBoolean()).isTrue();
        assertThat(made.at("/settings/min_backoff_ms").asLong()).isEqualTo(2_000);
        assertThat(made.at("/reason").asText()).as("where it begins").isEqualTo("latest");
        assertThat(made.toString()).doesNotContain(SECRET);

        assertThat(json("update", "orders", "mail", "--max-attempts", "3", "--mode", "binary")
                        .at("/settings/mode")
                        .asText())
                .isEqualTo("binary");
        assertThat(json("pause", "orders", "mail").get("state").asText()).isEqualTo("paused");
        assertThat(run("webhook", "list")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("orders", "mail", "paused", "https://a/");
        assertThat(run("webhook", "delete", "orders", "mail")).isEqualTo(ExitCode.OK);
        assertThat(run("webhook", "show", "orders", "mail")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void whatContradictsOrSaysNothingIsWrongUse() {
        assertThat(run("webhook", "update", "orders", "mail")).isEqualTo(ExitCode.USAGE);
        assertThat(run("webhook", "update", "orders", "mail", "--mode", "other"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("webhook", "create", "orders", "mail")).isEqualTo(ExitCode.USAGE);
        assertThat(run("webhook", "create", "orders", "mail", "--url", "https://a/", "--earliest", "--position", "7"))
                .isEqualTo(ExitCode.USAGE);
    }

    private JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("webhook"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("-o", "json"));
        assertThat(run(all.toArray(String[]::new))).as(text(err)).isEqualTo(ExitCode.OK);
        JsonNode json = Json.MAPPER.readTree(text(out));
        out.reset();
        return json;
    }

    private int run(String... arguments) {
        Map<String, String> env = Map.of(ClusterOptions.ENDPOINTS, cluster.endpoints());
        return Main.run(
                new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of()), env, arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
