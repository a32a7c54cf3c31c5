package io.eckermann.statemachine.query;

import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import java.nio.charset.StandardCharsets;

/** What topics know of each key. */
public final class KeyTable {
    private static final int VERSION_AT = 0;
    private static final int LAST_AT = VERSION_AT + Long.BYTES;

    /** A key without events. */
    private static final State ABSENT = new State(0, 0);

    /**
     * What is known of a key. It stays when events are removed: who expects a version must not meet it a second time.
     *
     * @param version how many events it has had, removed or not
     * @param last position of its last event; 0 when it has none
     */
    public record State(long version, long last) {}

    private KeyTable() {}

    public static State find(RowReader rows, long topicId, String key) {
        return find(rows, topicId, key.getBytes(StandardCharsets.UTF_8));
    }

    static State find(RowReader rows, long topicId, byte[] key) {
        return find(rows, rowKey(topicId, key));
    }

    static void put(StoreBatch batch, long topicId, byte[] key, State state) {
        batch.put(
                Family.KEYS,
                rowKey(topicId, key),
                Key.of(state.version()).then(state.last()).bytes());
    }

    private static State find(RowReader rows, byte[] row) {
        byte[] value = rows.find(Family.KEYS, row);
        return value == null ? ABSENT : new State(Key.longAt(value, VERSION_AT), Key.longAt(value, LAST_AT));
    }

    private static byte[] rowKey(long topicId, byte[] key) {
        return Key.of(topicId).then(key).bytes();
    }
}
