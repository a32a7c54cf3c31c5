package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** Business times as the text of a term: 8 bytes that sort as the times do, those before 1970 first. */
public final class EventTimeText {
    public static final int BYTES = Long.BYTES;

    private EventTimeText() {}

    /** The text of a time in nanoseconds since 1970-01-01T00:00:00Z. */
    public static ByteString of(long timeNs) {
        return ByteString.copyFrom(ByteBuffer.allocate(BYTES).putLong(0, timeNs ^ Long.MIN_VALUE));
    }

    /** The time whose text begins there. */
    public static long timeNs(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getLong(at) ^ Long.MIN_VALUE;
    }
}
