package io.eckermann.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.eckermann.gateway.calls.Correlation;
import io.eckermann.gateway.calls.RequestId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;

/** One JSON object a line, in ASCII alone. */
public final class JsonLines extends LogLines {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final String node;

    /** @param node whose lines these are */
    public JsonLines(String node) {
        this.node = node;
    }

    @Override
    String text(ILoggingEvent event, Correlation call) {
        StringWriter line = new StringWriter(500);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("node", node);
            json.writeStringField("logger", event.getLoggerName());
            json.writeStringField("thread", event.getThreadName());
            json.writeStringField("message", message(event));
            if (!call.requestId().isEmpty()) {
                json.writeStringField(RequestId.FACT, call.requestId());
            }
            if (!call.principal().isEmpty()) {
                json.writeStringField("principal", call.principal());
            }
            if (call.trace() != null) {
                json.writeStringField("trace_id", call.trace().traceId());
                json.writeStringField("span_id", call.trace().spanId());
            }
            IThrowableProxy failure = event.getThrowableProxy();
            if (failure != null) {
                json.writeStringField("error", failure.getClassName());
                json.writeStringField("stack_trace", stackTrace(failure));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }
}
