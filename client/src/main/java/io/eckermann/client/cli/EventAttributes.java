package io.eckermann.client.cli;

import io.eckermann.client.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Attributes for events whose payload alone is given. */
final class EventAttributes {
    @Option(names = "--type", paramLabel = "TYPE", description = "What kind of fact it is.")
    private String type = "";

    @Option(names = "--key", paramLabel = "KEY", description = "The entity it is about.")
    private String key = "";

    @Option(names = "--tag", paramLabel = "TAG", description = "A label; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--id", paramLabel = "ID", description = "The producer's own name for the one event.")
    private String id = "";

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Times.InstantConverter.class,
            description = "When the fact happened.")
    private @Nullable Instant time;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    boolean isEmpty() {
        return type.isEmpty() && key.isEmpty() && tags.isEmpty() && id.isEmpty() && time == null && headers.isEmpty();
    }

    boolean hasId() {
        return !id.isEmpty();
    }

    Event event(byte[] payload) {
        Event.Builder event =
                Event.builder().payload(payload).type(type).key(key).id(id).tags(tags);
        if (time != null) {
            event.time(time);
        }
        headers.forEach(event::header);
        return event.build();
    }
}
