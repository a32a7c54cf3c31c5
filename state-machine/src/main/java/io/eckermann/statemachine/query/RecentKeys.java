package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.RowReader;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of keys that were appended to, or asked for, lately. Always equal to the rows. Apply thread. */
public final class RecentKeys {
    private static final int KEYS_MAX = 32_768;
    /** Longer ones are rare, and would take much room. */
    private static final int KEY_BYTES_MAX = 256;

    private record Name(long topicId, ByteString key) {}

    private final Map<Name, KeyTable.State> states = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, KeyTable.State> eldest) {
            return size() > KEYS_MAX;
        }
    };

    /** What the rows say of the key. */
    public KeyTable.State find(RowReader rows, long topicId, ByteString key) {
        KeyTable.State state = states.get(new Name(topicId, key));
        if (state == null) {
            state = KeyTable.find(rows, topicId, key.toByteArray());
            put(topicId, key, state);
        }
        return state;
    }

    /** After the key's row was put. */
    void put(long topicId, ByteString key, KeyTable.State state) {
        if (key.size() <= KEY_BYTES_MAX) {
            // It may be part of a whole Raft entry, which must not be kept for it.
            states.put(new Name(topicId, ByteString.copyFrom(key.asReadOnlyByteBuffer())), state);
        }
    }

    /** After all rows were replaced. Those of a deleted topic need not go: its id does not come again. */
    void clear() {
        states.clear();
    }
}
