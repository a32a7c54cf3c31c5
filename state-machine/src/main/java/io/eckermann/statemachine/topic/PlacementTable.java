package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.OptionalInt;

/**
 * Which shard has the topics of a name, in the first of several shards. Written once for each name and never changed, also
 * when its topic is deleted: so whoever knows it may rely on it for ever, and no name is ever in two shards.
 */
public final class PlacementTable {
    private PlacementTable() {}

    /** Empty for a name that was never used. */
    public static OptionalInt find(RowReader rows, String name) {
        byte[] shard = rows.find(Family.PLACEMENTS, Key.of(name).bytes());
        return shard == null ? OptionalInt.empty() : OptionalInt.of((int) Key.longAt(shard, 0));
    }

    /** Where it is, or from now on will be. */
    public static int place(StoreBatch batch, Operation.PlaceTopic place) {
        OptionalInt before = find(batch, place.name());
        if (before.isPresent()) {
            return before.getAsInt();
        }
        int shard = place.shard().orElseGet(() -> emptiest(batch, place.shards()));
        batch.put(Family.PLACEMENTS, Key.of(place.name()).bytes(), Key.of(shard).bytes());
        batch.put(
                Family.SYSTEM, counter(shard), Key.of(placed(batch, shard) + 1).bytes());
        return shard;
    }

    private static int emptiest(RowReader rows, int shards) {
        int emptiest = 0;
        for (int shard = 1; shard < shards; shard++) {
            if (placed(rows, shard) < placed(rows, emptiest)) {
                emptiest = shard;
            }
        }
        return emptiest;
    }

    /** How many names were placed there. */
    private static long placed(RowReader rows, int shard) {
        byte[] count = rows.find(Family.SYSTEM, counter(shard));
        return count == null ? 0 : Key.longAt(count, 0);
    }

    private static byte[] counter(int shard) {
        return Key.of("placed-" + shard).bytes();
    }
}
