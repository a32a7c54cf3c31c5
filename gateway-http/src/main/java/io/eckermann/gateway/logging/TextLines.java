package io.eckermann.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.eckermann.gateway.calls.Correlation;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Lines for people: when, how severe, where, what. A failure's stack is in lines of its own, which begin with a tab. */
public final class TextLines extends LogLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    @Override
    String text(ILoggingEvent event, Correlation call) {
        StringBuilder line = new StringBuilder(200);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        String logger = event.getLoggerName();
        line.append(String.format(Locale.ROOT, " %-5s ", event.getLevel()))
                .append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(' ');
        escape(message(event), line);
        if (!call.requestId().isEmpty()) {
            line.append(" [request ").append(call.requestId());
            if (!call.principal().isEmpty()) {
                line.append(" of ");
                escape(call.principal(), line);
            }
            line.append(']');
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            stackTrace(event.getThrowableProxy()).lines().forEach(each -> {
                line.append('\t');
                escape(each.strip(), line);
                line.append('\n');
            });
        }
        return line.toString();
    }

    /** Control characters could end the line, or lead a terminal to show another one. */
    private static void escape(String text, StringBuilder line) {
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> line.append(String.format(Locale.ROOT, "\\u%04x", c));
                default -> line.appendCodePoint(c);
            }
        });
    }
}
