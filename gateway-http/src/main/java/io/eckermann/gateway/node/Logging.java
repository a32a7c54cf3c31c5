package io.eckermann.gateway.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Sets up what the configuration says of log lines; logback.xml has the rest. */
final class Logging {
    /**
     * Names of nodes that have not started yet are looked up twice a second, and each failure is worth a stack trace to
     * gRPC; the node itself says for whom it waits. Held, because loggers that nobody holds forget their level.
     */
    private static final java.util.logging.Logger CHANNELS =
            java.util.logging.Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

    private Logging() {}

    /** Some libraries log by the JDK's own means, to stderr: nothing below a warning from them. Before they load. */
    static void quietLibraries() {
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        CHANNELS.setLevel(java.util.logging.Level.SEVERE);
    }

    static void configure(String level, @Nullable Path file) {
        quietLibraries();
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.getLogger("io.eckermann").setLevel(Level.toLevel(level));
        if (file != null) {
            addFile(context, file);
        }
    }

    private static void addFile(LoggerContext context, Path file) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(context.getProperty("line"));
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
}
