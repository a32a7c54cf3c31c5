package io.eckermann.bench.system;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Reads over HTTP, a line of JSON for each event, with the JDK's client. Lines are counted and not parsed. */
final class EckermannNdjson {
    private static final int BUFFER_BYTES = 1 << 20;

    private EckermannNdjson() {}

    static void read(String http, String topic, long events, EventSink sink) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        String.format(Locale.ROOT, "http://%s/v1/topics/%s/events?limit=%d", http, topic, events)))
                .header("Accept", "application/x-ndjson")
                .build();
        HttpResponse<InputStream> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("The answer is " + response.statusCode() + ".");
            }
            byte[] buffer = new byte[BUFFER_BYTES];
            long read = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int lines = lines(buffer, n);
                read += lines;
                sink.accept(lines, ByteBuffer.wrap(buffer, 0, n));
            }
            if (read != events) {
                throw new IOException(topic + " ended after " + read + " of " + events + " lines.");
            }
        }
    }

    private static int lines(byte[] buffer, int length) {
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                lines++;
            }
        }
        return lines;
    }
}
