package io.eckermann.gateway.webhooks;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.WebhookSettings;
import java.util.Map;

/** What events look like when they are sent. From any thread. */
public interface EventMessages {
    /** One request's headers, with its content type, and body. */
    record Message(Map<String, String> headers, ByteString body) {}

    Message of(String topic, RecordedEvent event, WebhookSettings.Mode mode);
}
