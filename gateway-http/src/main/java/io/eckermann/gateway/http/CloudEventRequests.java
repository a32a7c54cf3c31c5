package io.eckermann.gateway.http;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.gateway.http.json.ShownCloudEvent;
import io.eckermann.gateway.webhooks.EventMessages;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.WebhookSettings;
import java.util.Map;

/** Events as requests to a receiver of CloudEvents: what the door shows, the other way round. */
public final class CloudEventRequests implements EventMessages {
    private static final String STRUCTURED = CloudEventJson.ONE + "; charset=utf-8";

    @Override
    public Message of(String topic, RecordedEvent event, WebhookSettings.Mode mode) {
        ShownCloudEvent shown = ShownCloudEvent.of(topic, event);
        return mode == WebhookSettings.Mode.BINARY
                ? new Message(CloudEventMessages.binaryHeaders(shown), shown.payload())
                : new Message(
                        Map.of("Content-Type", STRUCTURED),
                        UnsafeByteOperations.unsafeWrap(CloudEventJson.written(shown)));
    }
}
