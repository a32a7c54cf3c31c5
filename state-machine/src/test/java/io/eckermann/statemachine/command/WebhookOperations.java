package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.protocol.v1.WebhookSettings;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.CreateWebhook;
import io.eckermann.statemachine.log.v1.DeleteWebhook;
import io.eckermann.statemachine.log.v1.SetWebhookState;
import io.eckermann.statemachine.log.v1.UpdateWebhook;
import io.eckermann.statemachine.log.v1.WebhookChange;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Changes of a few webhooks, of which some meet what is there. */
public final class WebhookOperations {
    private WebhookOperations() {}

    static Arbitrary<Operation> any() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 5);
        return Combinators.combine(Arbitraries.integers().between(1, 2), number, number)
                .as((topic, what, webhook) -> switch (what) {
                    case 0, 1 -> create(topic, "w" + webhook, "https://a/" + what);
                    case 2 -> update(topic, "w" + webhook, "https://b/", webhook);
                    case 3 -> state(topic, "w" + webhook, Webhook.State.RETIRED, "gone", 0);
                    case 4 -> state(topic, "w" + webhook, Webhook.State.ACTIVE, "", webhook);
                    default -> delete(topic, "w" + webhook);
                });
    }

    /** One with the group that goes with it. */
    public static Operation create(long topicId, String name, String url) {
        return new Operation.ChangeWebhook(change(topicId, name)
                .setCreate(CreateWebhook.newBuilder()
                        .setSettings(settings(url))
                        .setRequestsPerMinute(60)
                        .setGroup(CreateGroup.newBuilder()
                                .setName("webhook." + name)
                                .setSettings(GroupSettings.newBuilder()
                                        .setExclusive(true)
                                        .setVisibilityMs(15_000)
                                        .setAttemptsMax(1_000)
                                        .setInFlightMax(32)
                                        .setWindow(100_000))
                                .setStart(-1)))
                .build());
    }

    public static Operation update(long topicId, String name, String url, long revision) {
        return new Operation.ChangeWebhook(change(topicId, name)
                .setUpdate(UpdateWebhook.newBuilder().setSettings(settings(url)).setRevision(revision))
                .build());
    }

    public static Operation state(long topicId, String name, Webhook.State state, String reason, long revision) {
        return new Operation.ChangeWebhook(change(topicId, name)
                .setState(SetWebhookState.newBuilder()
                        .setState(state)
                        .setReason(reason)
                        .setRevision(revision))
                .build());
    }

    public static Operation delete(long topicId, String name) {
        return new Operation.ChangeWebhook(change(topicId, name)
                .setDelete(DeleteWebhook.getDefaultInstance())
                .build());
    }

    private static WebhookChange.Builder change(long topicId, String name) {
        return WebhookChange.newBuilder().setTopicId(topicId).setName(name);
    }

    private static WebhookSettings settings(String url) {
        return WebhookSettings.newBuilder()
                .setUrl(url)
                .setMode(WebhookSettings.Mode.BINARY)
                .setSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .setFilter("type == 'Paid'")
                .setAttemptsMax(10)
                .setBackoffMinMs(1_000)
                .setBackoffMaxMs(300_000)
                .setTimeoutMs(10_000)
                .build();
    }
}
