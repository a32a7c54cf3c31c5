package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import java.nio.ByteBuffer;

/** The rows of {@link Family#LOCAL}. */
final class LocalKeys {
    /** → format version, 4 bytes. */
    static final byte[] FORMAT = Key.of("format").bytes();
    /** → term and index of the last applied entry. */
    static final byte[] APPLIED = Key.of("applied").bytes();
    /** → term and index of the snapshot that this node was last installed from. */
    static final byte[] INSTALLED = Key.of("installed").bytes();

    private static final int TERM_AT = 0;
    private static final int INDEX_AT = TERM_AT + Long.BYTES;
    private static final int RAFT_INDEX_BYTES = INDEX_AT + Long.BYTES;

    private LocalKeys() {}

    static byte[] encode(RaftIndex at) {
        return ByteBuffer.allocate(RAFT_INDEX_BYTES)
                .putLong(TERM_AT, at.term())
                .putLong(INDEX_AT, at.index())
                .array();
    }

    static RaftIndex decodeRaftIndex(byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new RaftIndex(buffer.getLong(TERM_AT), buffer.getLong(INDEX_AT));
    }

    static byte[] encode(int format) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, format).array();
    }

    static int decodeFormat(byte[] value) {
        return ByteBuffer.wrap(value).getInt(0);
    }
}
