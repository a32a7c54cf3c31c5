package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.Webhook;
import io.eckermann.protocol.v1.WebhookSettings;
import io.eckermann.statemachine.log.v1.WebhookChange;

/** What is said about webhooks in command.proto: the messages themselves, once it is sure that all in them is known. */
final class WebhookFormat {
    private WebhookFormat() {}

    static Single single(WebhookChange message) throws UnreadableCommandException {
        GroupFormat.knownThroughout(message);
        if (message.getKindCase() == WebhookChange.KindCase.KIND_NOT_SET
                || message.getState().getState() == Webhook.State.UNRECOGNIZED
                || message.getCreate().getSettings().getMode() == WebhookSettings.Mode.UNRECOGNIZED
                || message.getUpdate().getSettings().getMode() == WebhookSettings.Mode.UNRECOGNIZED) {
            throw new UnreadableCommandException("A change of a webhook is of no known kind.");
        }
        return new Single(new Operation.ChangeWebhook(message));
    }
}
