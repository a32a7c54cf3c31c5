package io.eckermann.client.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.StateCopy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/** Manifests of backups, of any bytes; where they are JSON, they get the digest and the place that nobody guesses. */
class ManifestsFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @FuzzTest
    void aManifestIsReadAndWrittenTheSameOrCalledDamaged(byte[] data) throws IOException {
        byte[] bytes = data;
        String place = "backups/any.json";
        try {
            if (JSON.readTree(new String(data, StandardCharsets.UTF_8)) instanceof ObjectNode json) {
                json.remove("digest");
                json.put("digest", Sha256.of(json.toString().getBytes(StandardCharsets.UTF_8)));
                bytes = json.toString().getBytes(StandardCharsets.UTF_8);
                place = place(json);
            }
        } catch (JsonProcessingException | DateTimeException noManifest) {
            place = "backups/none.json";
        }
        try {
            Manifest manifest = Manifest.decode(place, bytes);
            assertThat(Manifest.decode(place, manifest.encode())).isEqualTo(manifest);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(place);
        }
    }

    private static String place(JsonNode json) {
        StateCopy.End end = new StateCopy.End(
                0, json.path("shards").path(0).path("raft_index").asLong());
        Instant time = Instant.parse(json.path("time").asText());
        return new Manifest("", "", "", time, List.of(end), List.of()).place();
    }
}
