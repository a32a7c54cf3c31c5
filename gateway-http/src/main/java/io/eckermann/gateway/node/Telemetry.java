package io.eckermann.gateway.node;

import io.eckermann.gateway.logging.LogFormat;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, and where; and the part of the table of {@link Settings} that says so.
 *
 * @param level the least severe of its own lines
 * @param file gets the log lines as well; null: none does
 * @param collector gets spans; null: none does
 */
record Telemetry(
        String level,
        LogFormat format,
        @Nullable Path file,
        @Nullable URI collector) {
    private static final List<Setting<?>> TABLE = new ArrayList<>();

    static final Setting<String> LOG_LEVEL = setting(
            "log.level",
            "`DEBUG`, `INFO`, `WARN` or `ERROR`",
            "INFO",
            Telemetry::level,
            "The least severe of the node's own log lines; they go to stderr. With `DEBUG` each request has one.");
    static final Setting<LogFormat> LOG_FORMAT = setting(
            "log.format",
            "`text` or `json`",
            "text",
            Telemetry::format,
            "What log lines look like: text for people, or one JSON object a line ([operations.md](operations.md#log)).");
    static final Setting<String> LOG_FILE =
            setting("log.file", "path", "", text -> text, "A file that gets the log lines as well; empty: none.");

    static final Setting<String> COLLECTOR = setting(
            "tracing.otlp-endpoint",
            "address",
            "",
            Telemetry::collector,
            "The collector that gets a span for each request that says in `traceparent` that it is part of a recorded trace, by"
                    + " OTLP over HTTP: `http://collector:4318`. Empty: none; traces go along with events all the same"
                    + " ([traces.md](traces.md)).");

    static final List<Setting<?>> ALL = List.copyOf(TABLE);

    private static String level(String text) {
        if (!List.of("DEBUG", "INFO", "WARN", "ERROR").contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is none of DEBUG, INFO, WARN, ERROR");
        }
        return text;
    }

    private static String collector(String text) {
        if (!text.isEmpty() && !text.matches("https?://[^/\\s?#@]+(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException("'" + text + "' is no address such as http://collector:4318");
        }
        return URI.create(text).toString();
    }

    private static LogFormat format(String text) {
        if (!text.equals("text") && !text.equals("json")) {
            throw new IllegalArgumentException("'" + text + "' is neither text nor json");
        }
        return LogFormat.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static <T> Setting<T> setting(
            String key, String type, String defaultText, Function<String, T> parse, String description) {
        Setting<T> setting = new Setting<>(key, type, defaultText, parse, description);
        TABLE.add(setting);
        return setting;
    }
}
