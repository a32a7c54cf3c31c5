package io.eckermann.bench.load;

import io.eckermann.client.EventStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * JSON as services send it: a real earthquake report of the demo's data with the readings of some stations, as many as
 * fill the size asked for. The reports' text is real; times, ids and readings vary from event to event.
 */
final class JsonEvents {
    private static final String SOURCE = "/io/eckermann/client/cli/demo/earthquakes.ndjson";
    private static final int CLOSING_BYTES = 2;

    private final Random random;
    private final int bytes;
    private final List<String> reports;
    private int made;

    JsonEvents(Random random, int bytes) {
        this.random = random;
        this.bytes = bytes;
        this.reports = reports();
    }

    /** One object, at least 16 bytes shorter or longer at most than asked for, if it was for 300 bytes or more. */
    byte[] next() {
        String report = reports.get(made++ % reports.size());
        StringBuilder json = new StringBuilder(bytes + 128);
        json.append(report, 0, report.length() - 1);
        json.append(",\"sequence\":").append(made);
        json.append(",\"received\":\"2018-02-")
                .append(10 + random.nextInt(18))
                .append(String.format(
                        Locale.ROOT,
                        "T%02d:%02d:%02d.%03dZ",
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1000)));
        json.append("\",\"status\":\"").append(random.nextInt(4) == 0 ? "reviewed" : "automatic");
        json.append("\",\"stations\":[");
        String separator = "";
        String station = station();
        while (json.length() + station.length() + CLOSING_BYTES < bytes) {
            json.append(separator).append(station);
            separator = ",";
            station = station();
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private String station() {
        return String.format(
                Locale.ROOT,
                "{\"code\":\"%c%c%02d\",\"km\":%.1f,\"phase\":\"%s\",\"residual_s\":%.2f,\"gap\":%d}",
                'A' + random.nextInt(26),
                'A' + random.nextInt(26),
                random.nextInt(100),
                random.nextDouble() * 300,
                random.nextInt(3) == 0 ? "S" : "P",
                random.nextGaussian() / 2,
                random.nextInt(360));
    }

    private static List<String> reports() {
        try (InputStream in = EventStore.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException("The client's jar lacks " + SOURCE + ".");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
