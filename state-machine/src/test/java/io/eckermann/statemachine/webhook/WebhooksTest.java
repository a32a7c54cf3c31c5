package io.eckermann.statemachine.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.Webhook;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.WebhookState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.WebhookOperations;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksTest {
    private final TestStore store;
    private final long orders;

    WebhooksTest(@TempDir Path directory) {
        store = new TestStore(directory);
        orders = store.createTopic("orders");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aWebhookComesWithItsGroupAndGoesWithIt() {
        store.append(1_500, orders, "a", "b");
        assertThat(created(WebhookOperations.create(orders, "w", "https://a/"))).isTrue();
        GroupState group = store.view().groups().group(orders, "webhook.w").orElseThrow();
        assertThat(webhook("w").row().getGroupId()).isEqualTo(group.id());
        assertThat(group.state().getNext()).isEqualTo(3);
        assertThat(store.view().webhooks(0)).containsExactly(webhook("w"));
        assertThat(store.view().webhooks(orders)).containsExactly(webhook("w"));

        store.commit(3_000, WebhookOperations.delete(orders, "w"));
        assertThat(store.view().webhooks(0)).isEmpty();
        assertThat(store.view().groups().groups(orders)).isEmpty();
        assertThat(refused(WebhookOperations.delete(orders, "w"))).isEqualTo(ErrorCode.WEBHOOK_NOT_FOUND);
    }

    @Test
    void theSameAgainIsTheSameAndOtherSettingsAreRefused() {
        created(WebhookOperations.create(orders, "w", "https://a/"));
        assertThat(created(WebhookOperations.create(orders, "w", "https://a/"))).isFalse();
        assertThat(refused(WebhookOperations.create(orders, "w", "https://b/"))).isEqualTo(ErrorCode.WEBHOOK_EXISTS);
        assertThat(store.view().groups().groups(orders)).hasSize(1);
    }

    @Test
    void anUpdateThatRestsOnOldSettingsIsRefused() {
        created(WebhookOperations.create(orders, "w", "https://a/"));
        long revision = webhook("w").row().getRevision();
        store.commit(3_000, WebhookOperations.update(orders, "w", "https://b/", revision));
        assertThat(webhook("w").row().getSettings().getUrl()).isEqualTo("https://b/");
        assertThat(refused(WebhookOperations.update(orders, "w", "https://c/", revision)))
                .isEqualTo(ErrorCode.WEBHOOK_CHANGED);
        assertThat(refused(WebhookOperations.state(orders, "w", Webhook.State.RETIRED, "gone", revision)))
                .isEqualTo(ErrorCode.WEBHOOK_CHANGED);
        assertThat(webhook("w").row().getState()).isEqualTo(Webhook.State.ACTIVE);
    }

    @Test
    void itIsRetiredWithAReasonUntilItIsResumed() {
        created(WebhookOperations.create(orders, "w", "https://a/"));
        store.commit(
                3_000,
                WebhookOperations.state(
                        orders,
                        "w",
                        Webhook.State.RETIRED,
                        "gone",
                        webhook("w").row().getRevision()));
        assertThat(webhook("w").row().getState()).isEqualTo(Webhook.State.RETIRED);
        assertThat(webhook("w").row().getReason()).isEqualTo("gone");
        store.commit(4_000, WebhookOperations.state(orders, "w", Webhook.State.ACTIVE, "", 0));
        assertThat(webhook("w").row().getState()).isEqualTo(Webhook.State.ACTIVE);
        assertThat(webhook("w").row().getReason()).isEmpty();
    }

    @Test
    void aTopicTakesItsWebhooksWithItAndThereAreOnlySoMany() {
        long other = store.createTopic("other");
        created(WebhookOperations.create(other, "w", "https://a/"));
        for (int i = 0; i < Limits.WEBHOOKS_MAX - 1; i++) {
            created(WebhookOperations.create(orders, "w" + i, "https://a/"));
        }
        assertThat(refused(WebhookOperations.create(orders, "more", "https://a/")))
                .isEqualTo(ErrorCode.TOO_MANY_WEBHOOKS);
        store.commit(5_000, new Operation.DeleteTopic(orders));
        assertThat(store.view().webhooks(0)).extracting(WebhookState::topicId).containsExactly(other);
        store.reopen();
        assertThat(store.view().webhook(other, "w")).isPresent();
    }

    private WebhookState webhook(String name) {
        return store.view().webhook(orders, name).orElseThrow();
    }

    private boolean created(Operation operation) {
        return ((Result.WebhookChanged) store.commit(2_000, operation))
                .outcome()
                .getCreated();
    }

    private ErrorCode refused(Operation operation) {
        return ((Result.Refused) store.commit(9_000, operation)).code();
    }
}
