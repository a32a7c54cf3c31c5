package io.eckermann.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A week of earthquakes; where they come from is told beside the file. */
final class DemoData {
    private static final String FILE = "demo/earthquakes.ndjson";

    private DemoData() {}

    static List<Event> events() throws IOException {
        try (InputStream in = DemoData.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException(FILE + " is missing from the jar.");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return lines.lines().map(EventJson::read).toList();
        }
    }

    /** Magnitude and place, for people. */
    static String text(Event event) {
        try {
            JsonNode data = Json.MAPPER.readTree(event.payloadText());
            return "M %4.1f  %s"
                    .formatted(data.path("mag").asDouble(), data.path("place").asText());
        } catch (JsonProcessingException e) {
            return event.payloadText();
        }
    }

    /** A checksum over events in their order: ids and payloads, each with its length. */
    static final class Checksum {
        private final MessageDigest digest;
        private long count;

        Checksum() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        Checksum add(Event event) {
            byte[] id = event.id().getBytes(StandardCharsets.UTF_8);
            byte[] payload = event.payload();
            digest.update((id.length + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
            digest.update(id);
            digest.update(payload);
            count++;
            return this;
        }

        long count() {
            return count;
        }

        /** Ends the checksum. */
        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
