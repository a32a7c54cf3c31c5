package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.Group;
import io.eckermann.client.Webhook;
import io.eckermann.client.WebhookSettings;
import io.eckermann.client.Webhooks;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/** What the verbs about one webhook share. */
abstract class WebhookVerb extends TopicVerb {
    @Parameters(index = "1", paramLabel = "WEBHOOK")
    private String webhook = "";

    final String webhook() {
        return webhook;
    }

    @Override
    final void run(EventStore store) throws Exception {
        run(store.webhooks());
        console().flush();
    }

    abstract void run(Webhooks webhooks) throws Exception;

    /** Shows the webhook as it is now, or says what was done with it. */
    final void show(String what, Webhook now) {
        report(json(now), what + " " + webhook + " of " + topic());
    }

    static void printAll(Console console, Format format, List<Webhook> webhooks) {
        if (format != Format.table) {
            Json.print(
                    console,
                    format,
                    "webhooks",
                    webhooks.stream().map(WebhookVerb::json).toList());
            return;
        }
        Table table = new Table("TOPIC", "WEBHOOK", "STATE", "POSITION", "BEHIND", "PARKED", "URL");
        webhooks.forEach(webhook -> table.row(
                webhook.topic(),
                webhook.name(),
                webhook.state().name().toLowerCase(Locale.ROOT)
                        + (webhook.reason().isEmpty() ? "" : ": " + webhook.reason()),
                webhook.group().map(Group::floor).map(String::valueOf).orElse("-"),
                webhook.group().map(Group::behind).map(String::valueOf).orElse("-"),
                webhook.group().map(Group::parked).map(String::valueOf).orElse("-"),
                webhook.settings().url()));
        table.print(console);
    }

    static ObjectNode json(Webhook webhook) {
        WebhookSettings settings = webhook.settings();
        ObjectNode json = Json.object()
                .put("name", webhook.name())
                .put("topic", webhook.topic())
                .put("state", webhook.state().name().toLowerCase(Locale.ROOT));
        if (!webhook.reason().isEmpty()) {
            json.put("reason", webhook.reason());
        }
        ObjectNode shown = json.putObject("settings")
                .put("url", settings.url())
                .put("mode", settings.isBinary() ? "binary" : "structured")
                .put("signed", webhook.signed())
                .put("max_attempts", settings.attemptsMax())
                .put("min_backoff_ms", settings.backoffMin().toMillis())
                .put("max_backoff_ms", settings.backoffMax().toMillis())
                .put("timeout_ms", settings.timeout().toMillis());
        if (!settings.filter().isEmpty()) {
            shown.put("filter", settings.filter());
        }
        if (webhook.requestsPerMinute() > 0) {
            json.put("requests_per_minute", webhook.requestsPerMinute());
        }
        json.put("created_time", Times.exact(webhook.createdTime()));
        webhook.group().ifPresent(group -> json.set("group", GroupVerb.json(group)));
        return json;
    }
}
