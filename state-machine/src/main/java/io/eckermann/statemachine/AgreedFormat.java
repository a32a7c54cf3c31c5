package io.eckermann.statemachine;

import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import java.io.IOException;

/** Up to which format commands may be, since all members have said that they know it. It only rises. */
final class AgreedFormat {
    private static final byte[] NAME = Key.of("agreed-format").bytes();

    private AgreedFormat() {}

    static int find(RowReader rows) {
        byte[] format = rows.find(Family.SYSTEM, NAME);
        return format == null ? CommandCodec.FORMAT_FIRST : (int) Key.longAt(format, 0);
    }

    static void raise(StoreBatch batch, int format) {
        if (format > find(batch)) {
            batch.put(Family.SYSTEM, NAME, Key.of(format).bytes());
        }
    }

    /**
     * Refuses a state whose log may hold commands that this version can't read.
     *
     * @throws IOException for the operator
     */
    static void requireKnown(RowReader rows) throws IOException {
        int format = find(rows);
        if (format > CommandCodec.FORMAT_NEWEST) {
            throw new IOException("The cluster has agreed on commands of format " + format
                    + ", this version knows up to " + CommandCodec.FORMAT_NEWEST
                    + ": start the version that this node had before, or a newer one.");
        }
    }
}
