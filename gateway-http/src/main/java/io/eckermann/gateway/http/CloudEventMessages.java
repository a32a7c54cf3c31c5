package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.CloudEventAttributes;
import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.gateway.http.json.PageJson;
import io.eckermann.gateway.http.json.ReceivedCloudEvent;
import io.eckermann.gateway.http.json.ShownCloudEvent;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** CloudEvents over HTTP (its protocol binding, version 1.0): binary, structured and batched, in and out. */
final class CloudEventMessages {
    private static final String HEADER = "ce-";
    private static final String POSSIBLE = CloudEventJson.ONE + ", " + CloudEventJson.BATCH
            + ", or any other type with ce- headers, for a CloudEvent whose data is the body";

    private CloudEventMessages() {}

    /** The events of a request that sends CloudEvents; empty when it sends something else. */
    static Optional<Events> read(Request http) {
        String type = http.mediaType();
        if (type.startsWith("application/cloudevents")) {
            boolean batch = type.equals(CloudEventJson.BATCH);
            if (!batch && !type.equals(CloudEventJson.ONE)) {
                throw Bodies.unsupported(http, POSSIBLE);
            }
            Bodies.plainUtf8(http);
            return Optional.of(batch ? CloudEventJson.batch(http.body()) : CloudEventJson.event(http.body()));
        }
        boolean binary = CloudEventAttributes.REQUIRED.stream()
                .anyMatch(name -> http.headers().contains(HEADER + name));
        return binary ? Optional.of(Events.newBuilder().addEvents(binary(http)).build()) : Optional.empty();
    }

    private static Event binary(Request http) {
        Bodies.uncompressed(http);
        ReceivedCloudEvent event = new ReceivedCloudEvent(HEADER);
        http.header("Content-Type").ifPresent(type -> {
            if (!type.contains("/")) {
                throw HttpErrors.bad("Content-Type", "must be a media type, like application/json");
            }
            event.attribute(CloudEventAttributes.DATACONTENTTYPE, type, ReceivedCloudEvent.Kind.STRING);
        });
        for (Map.Entry<String, String> header : http.headers().entries()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(HEADER)) {
                String value = Percent.decode(name, unquoted(header.getValue()), false);
                event.attribute(name.substring(HEADER.length()), value, ReceivedCloudEvent.Kind.STRING);
            }
        }
        event.data(http.body());
        return event.build();
    }

    /** A quoted string (RFC 9110, section 5.6.4) without its quotes. */
    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }

    static Answer structured(ShownCloudEvent event) {
        return Answer.of(200, CloudEventJson.ONE, CloudEventJson.written(event));
    }

    /** The payload as it is, and the attributes in headers. */
    static Answer binary(ShownCloudEvent event) {
        Map<String, String> headers = new LinkedHashMap<>(binaryHeaders(event));
        headers.put("Cache-Control", "no-store");
        return new Answer.Whole(200, headers, event.payload(), false);
    }

    /** What goes into headers when the body is the payload. */
    static Map<String, String> binaryHeaders(ShownCloudEvent event) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!event.contentType().isEmpty() || !event.payload().isEmpty()) {
            headers.put("Content-Type", event.shownContentType());
        }
        event.attributes().forEach((name, value) -> headers.put(HEADER + name, encoded(value)));
        return headers;
    }

    /** A page; what JSON has beside the events is in headers. */
    static Answer batch(String topic, PageJson page) {
        Answer.Whole answer = Answer.of(200, CloudEventJson.BATCH, CloudEventJson.written(topic, page.events()))
                .with("Eckermann-Head", Long.toString(page.head()))
                .with("Eckermann-Caught-Up", Boolean.toString(page.caughtUp()))
                .with("Eckermann-Snapped", Boolean.toString(page.snapped()));
        return page.next() > 0 ? answer.with("Eckermann-Next", Long.toString(page.next())) : answer;
    }

    /** What a header cannot hold, and what would be mistaken, as %XX. */
    private static String encoded(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
            if (one > ' ' && one < 0x7f && one != '"' && one != '%') {
                text.append((char) one);
            } else {
                text.append(String.format(Locale.ROOT, "%%%02X", one & 0xff));
            }
        }
        return text.toString();
    }
}
