package io.eckermann.gateway.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Takes what libraries log by the JDK's own means to where all lines go. */
public final class LibraryLines extends Handler {
    private final SimpleFormatter texts = new SimpleFormatter();

    @Override
    public void publish(LogRecord record) {
        org.slf4j.event.Level level = record.getLevel().intValue() >= Level.SEVERE.intValue()
                ? org.slf4j.event.Level.ERROR
                : org.slf4j.event.Level.WARN;
        LoggingEventBuilder line = LoggerFactory.getLogger(String.valueOf(record.getLoggerName()))
                .atLevel(level)
                .setMessage("{}")
                .addArgument(texts.formatMessage(record));
        if (record.getThrown() != null) {
            line = line.setCause(record.getThrown());
        }
        line.log();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
