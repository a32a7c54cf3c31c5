package io.eckermann.gateway.http;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.gateway.calls.TraceContext;
import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.gateway.http.json.ShownCloudEvent;
import io.eckermann.gateway.webhooks.EventMessages;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.WebhookSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events as requests to a receiver of CloudEvents: what the door shows, the other way round, in the trace that they are part of. */
public final class CloudEventRequests implements EventMessages {
    private static final String STRUCTURED = CloudEventJson.ONE + "; charset=utf-8";

    @Override
    public Message of(String topic, RecordedEvent event, WebhookSettings.Mode mode) {
        ShownCloudEvent shown = ShownCloudEvent.of(topic, event);
        boolean binary = mode == WebhookSettings.Mode.BINARY;
        Map<String, String> headers = new LinkedHashMap<>(
                binary ? CloudEventMessages.binaryHeaders(shown) : Map.of("Content-Type", STRUCTURED));
        TraceContext trace = TraceContext.of(event.getEvent().getHeadersMap());
        if (trace != null) {
            headers.putAll(trace.headers());
        }
        return new Message(
                headers, binary ? shown.payload() : UnsafeByteOperations.unsafeWrap(CloudEventJson.written(shown)));
    }
}
