package io.eckermann.gateway.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import io.eckermann.gateway.logging.JsonLines;
import io.eckermann.gateway.logging.LibraryLines;
import io.eckermann.gateway.logging.LogFormat;
import io.eckermann.gateway.logging.TextLines;
import java.nio.file.Path;
import java.util.logging.Handler;
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

    /** Some libraries log by the JDK's own means: nothing below a warning from them. Before they load. */
    static void quietLibraries() {
        java.util.logging.Logger all = java.util.logging.Logger.getLogger("");
        all.setLevel(java.util.logging.Level.WARNING);
        for (Handler handler : all.getHandlers()) {
            all.removeHandler(handler);
        }
        all.addHandler(new LibraryLines());
        CHANNELS.setLevel(java.util.logging.Level.SEVERE);
    }

    /** @param node whose lines they are */
    static void configure(String node, Telemetry telemetry) {
        quietLibraries();
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.getLogger("io.eckermann").setLevel(Level.toLevel(telemetry.level()));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        if (telemetry.file() != null) {
            root.addAppender(file(context, telemetry.file()));
        }
        root.iteratorForAppenders().forEachRemaining(each -> write(each, context, node, telemetry.format()));
    }

    private static FileAppender<ILoggingEvent> file(LoggerContext context, Path file) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        return appender;
    }

    private static void write(Appender<ILoggingEvent> appender, LoggerContext context, String node, LogFormat format) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
            EncoderBase<ILoggingEvent> lines = format == LogFormat.JSON ? new JsonLines(node) : new TextLines();
            lines.setContext(context);
            lines.start();
            stream.setEncoder(lines);
            stream.start();
        }
    }
}
