package io.eckermann.statemachine.condition;

import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;

/** The largest token that was accepted under each name, by topic. */
final class FenceTable {
    private FenceTable() {}

    /** 0 when there is none. */
    static long find(RowReader rows, long topicId, String name) {
        byte[] token = rows.find(Family.FENCES, key(topicId, name));
        return token == null ? 0 : Key.longAt(token, 0);
    }

    static void put(StoreBatch batch, long topicId, String name, long token) {
        batch.put(Family.FENCES, key(topicId, name), Key.of(token).bytes());
    }

    private static byte[] key(long topicId, String name) {
        return Key.of(topicId).then(name).bytes();
    }
}
