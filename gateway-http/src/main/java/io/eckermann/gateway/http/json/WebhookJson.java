package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.CreateWebhookRequest;
import io.eckermann.protocol.v1.UpdateWebhookRequest;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.protocol.v1.WebhookSettings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Webhooks and their settings. */
public final class WebhookJson {
    private static final List<String> MODES = List.of("structured", "binary");
    private static final List<String> UPDATE =
            List.of("url", "mode", "secret", "filter", "max_attempts", "min_backoff", "max_backoff", "timeout");
    private static final List<String> CREATE = List.of(
            "url",
            "mode",
            "secret",
            "filter",
            "query",
            "max_attempts",
            "min_backoff",
            "max_backoff",
            "timeout",
            "position",
            "time",
            "latest");
    private static final int ATTEMPTS_MAX = 1_000;

    private WebhookJson() {}

    /** Reads settings and start. */
    public static CreateWebhookRequest.Builder create(ByteString body) {
        CreateWebhookRequest.Builder create = CreateWebhookRequest.newBuilder();
        WebhookSettings.Builder settings = create.getSettingsBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", CREATE, (name, value) -> {
                switch (name) {
                    case "url" -> settings.setUrl(JsonFields.text(value, name));
                    case "mode" ->
                        settings.setMode(WebhookSettings.Mode.forNumber(JsonFields.choice(value, name, MODES)));
                    case "secret" -> settings.setSecret(JsonFields.text(value, name));
                    case "filter" -> settings.setFilter(JsonFields.text(value, name));
                    case "query" -> settings.setQuery(ConditionsJson.query(value, name));
                    case "max_attempts" ->
                        settings.setAttemptsMax((int) JsonFields.number(value, name, 1, ATTEMPTS_MAX));
                    case "min_backoff" -> settings.setBackoffMinMs(Ages.millis(JsonFields.text(value, name), name));
                    case "max_backoff" -> settings.setBackoffMaxMs(Ages.millis(JsonFields.text(value, name), name));
                    case "timeout" -> settings.setTimeoutMs(Ages.millis(JsonFields.text(value, name), name));
                    default -> GroupJson.start(value, name, create.getStartBuilder());
                }
            });
            return create;
        });
    }

    /** Reads what changes. */
    public static UpdateWebhookRequest.Builder update(ByteString body) {
        UpdateWebhookRequest.Builder update = UpdateWebhookRequest.newBuilder();
        return JsonText.parse(JsonText.utf8(body), "the body", in -> {
            JsonFields.object(in, "", UPDATE, (name, value) -> {
                switch (name) {
                    case "url" -> update.setUrl(JsonFields.text(value, name));
                    case "mode" ->
                        update.setMode(WebhookSettings.Mode.forNumber(JsonFields.choice(value, name, MODES)));
                    case "secret" -> update.setSecret(JsonFields.text(value, name));
                    case "filter" -> update.setFilter(JsonFields.text(value, name));
                    case "max_attempts" -> update.setAttemptsMax((int) JsonFields.number(value, name, 1, ATTEMPTS_MAX));
                    case "min_backoff" -> update.setBackoffMinMs(Ages.millis(JsonFields.text(value, name), name));
                    case "max_backoff" -> update.setBackoffMaxMs(Ages.millis(JsonFields.text(value, name), name));
                    default -> update.setTimeoutMs(Ages.millis(JsonFields.text(value, name), name));
                }
            });
            return update;
        });
    }

    public static byte[] webhook(Webhook webhook) {
        return JsonText.bytes(out -> write(out, webhook));
    }

    public static byte[] webhooks(List<Webhook> webhooks) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("webhooks");
            for (Webhook webhook : webhooks) {
                write(out, webhook);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Webhook webhook) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", webhook.getName());
        out.writeStringField("topic", webhook.getTopic());
        out.writeStringField("state", webhook.getState().name().toLowerCase(Locale.ROOT));
        if (!webhook.getReason().isEmpty()) {
            out.writeStringField("reason", webhook.getReason());
        }
        settings(out, webhook.getSettings(), webhook.getSigned());
        if (webhook.getRequestsPerMinute() > 0) {
            out.writeNumberField("requests_per_minute", webhook.getRequestsPerMinute());
        }
        out.writeStringField("created_time", Times.rfc3339(webhook.getCreatedNs()));
        if (webhook.hasGroup()) {
            out.writeFieldName("group");
            GroupJson.write(out, webhook.getGroup());
        }
        out.writeEndObject();
    }

    private static void settings(JsonGenerator out, WebhookSettings settings, boolean signed) throws IOException {
        out.writeObjectFieldStart("settings");
        out.writeStringField("url", settings.getUrl());
        out.writeStringField("mode", MODES.get(settings.getModeValue()));
        out.writeBooleanField("signed", signed);
        if (!settings.getFilter().isEmpty()) {
            out.writeStringField("filter", settings.getFilter());
        }
        out.writeNumberField("max_attempts", settings.getAttemptsMax());
        out.writeStringField("min_backoff", Ages.text(settings.getBackoffMinMs()));
        out.writeStringField("max_backoff", Ages.text(settings.getBackoffMaxMs()));
        out.writeStringField("timeout", Ages.text(settings.getTimeoutMs()));
        out.writeEndObject();
    }
}
