package io.eckermann.statemachine.cursor;

import io.eckermann.statemachine.CursorState;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.CursorRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cursors by topic and consumer. */
public final class CursorTable {
    private static final int CONSUMER_AT = Long.BYTES;

    private CursorTable() {}

    public static Optional<CursorState> find(RowReader rows, long topicId, String consumer) {
        if (topicId < 1) {
            return Optional.empty();
        }
        byte[] row = rows.find(Family.CURSORS, key(topicId, consumer));
        return row == null ? Optional.empty() : Optional.of(state(topicId, consumer, row));
    }

    /** A topic's cursors, by consumer. */
    public static List<CursorState> list(RowReader rows, long topicId) {
        List<CursorState> found = new ArrayList<>();
        if (topicId > 0) {
            rows.ascend(
                    Family.CURSORS, Key.of(topicId).bytes(), Key.of(topicId + 1).bytes(), (key, row) -> {
                        found.add(state(topicId, Key.nameAt(key, CONSUMER_AT), row));
                        return true;
                    });
        }
        return found;
    }

    static void put(StoreBatch batch, CursorState cursor) {
        CursorRow row = CursorRow.newBuilder()
                .setPosition(cursor.position())
                .setCommittedNs(cursor.committedNs())
                .build();
        batch.put(Family.CURSORS, key(cursor.topicId(), cursor.consumer()), row.toByteArray());
    }

    static void delete(StoreBatch batch, CursorState cursor) {
        batch.delete(Family.CURSORS, key(cursor.topicId(), cursor.consumer()));
    }

    private static CursorState state(long topicId, String consumer, byte[] value) {
        CursorRow row = RowParser.parse(CursorRow.parser(), value);
        return new CursorState(consumer, topicId, row.getPosition(), row.getCommittedNs());
    }

    private static byte[] key(long topicId, String consumer) {
        return Key.of(topicId).then(consumer).bytes();
    }
}
