package io.eckermann.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.eckermann.gateway.calls.Correlation;
import java.nio.charset.StandardCharsets;

/** Makes bytes of what is logged. What is in it may come from anybody: nothing of that can look like another line. */
abstract class LogLines extends EncoderBase<ILoggingEvent> {
    /** More of a message says nothing more. */
    private static final int MESSAGE_CHARS_MAX = 16 << 10;

    private static final int TRACE_CHARS_MAX = 64 << 10;

    private static final byte[] NOTHING = {};

    /** The line, or lines, with the line feed at the end. */
    abstract String text(ILoggingEvent event, Correlation call);

    static String message(ILoggingEvent event) {
        return shortened(String.valueOf(event.getFormattedMessage()), MESSAGE_CHARS_MAX);
    }

    static String stackTrace(IThrowableProxy failure) {
        return shortened(ThrowableProxyUtil.asString(failure), TRACE_CHARS_MAX);
    }

    private static String shortened(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax) + "…";
    }

    @Override
    public final byte[] encode(ILoggingEvent event) {
        return text(event, Correlation.current()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public final byte[] footerBytes() {
        return NOTHING;
    }
}
