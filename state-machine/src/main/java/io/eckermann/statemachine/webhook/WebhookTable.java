package io.eckermann.statemachine.webhook;

import io.eckermann.statemachine.WebhookState;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.WebhookRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Webhooks by topic and name. */
public final class WebhookTable {
    private static final int NAME_AT = Long.BYTES;

    private WebhookTable() {}

    public static Optional<WebhookState> find(RowReader rows, long topicId, String name) {
        byte[] row = topicId < 1 ? null : rows.find(Family.WEBHOOKS, key(topicId, name));
        return row == null ? Optional.empty() : Optional.of(state(topicId, name, row));
    }

    /** A topic's webhooks, by name. */
    public static List<WebhookState> list(RowReader rows, long topicId) {
        return topicId < 1
                ? List.of()
                : between(rows, Key.of(topicId).bytes(), Key.of(topicId + 1).bytes());
    }

    /** Those of all topics. */
    public static List<WebhookState> all(RowReader rows) {
        return between(rows, Key.of(0).bytes(), Key.of(Long.MAX_VALUE).bytes());
    }

    private static List<WebhookState> between(RowReader rows, byte[] from, byte[] to) {
        List<WebhookState> found = new ArrayList<>();
        rows.ascend(Family.WEBHOOKS, from, to, (key, row) -> {
            found.add(state(Key.longAt(key, 0), Key.nameAt(key, NAME_AT), row));
            return true;
        });
        return found;
    }

    static void put(StoreBatch batch, long topicId, String name, WebhookRow row) {
        batch.put(Family.WEBHOOKS, key(topicId, name), row.toByteArray());
    }

    static void delete(StoreBatch batch, long topicId, String name) {
        batch.delete(Family.WEBHOOKS, key(topicId, name));
    }

    private static WebhookState state(long topicId, String name, byte[] value) {
        return new WebhookState(topicId, name, RowParser.parse(WebhookRow.parser(), value));
    }

    private static byte[] key(long topicId, String name) {
        return Key.of(topicId).then(name).bytes();
    }
}
