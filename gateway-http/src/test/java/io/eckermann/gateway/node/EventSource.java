package io.eckermann.gateway.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client of server-sent events as browsers have one: it comes back with the id of the last event it saw. */
final class EventSource {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String topic;
    private final List<Long> seen = new ArrayList<>();
    private @Nullable BufferedReader lines;

    EventSource(String topic) {
        this.topic = topic;
    }

    /** The ids of all events, in the order they came. */
    List<Long> seen() {
        return seen;
    }

    void connect(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + address + "/v1/topics/" + topic + "/events"))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", seen.isEmpty() ? "0" : Long.toString(seen.get(seen.size() - 1)))
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new AssertionError(address + " answers " + answer.statusCode());
        }
        lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    void readUntil(int count) throws IOException {
        while (seen.size() < count) {
            if (!take(Objects.requireNonNull(lines).readLine())) {
                throw new AssertionError("the stream ended after " + seen);
            }
        }
    }

    /** What is left of a stream whose node went away. */
    void readToItsEnd() {
        try {
            while (take(Objects.requireNonNull(lines).readLine())) {
                // Taken.
            }
        } catch (IOException cutOff) {
            // An end like any other for whoever comes back.
        }
    }

    void close() throws IOException {
        Objects.requireNonNull(lines).close();
    }

    private boolean take(@Nullable String line) {
        if (line != null && line.startsWith("id: ")) {
            seen.add(Long.parseLong(line.substring("id: ".length())));
        }
        return line != null;
    }
}
