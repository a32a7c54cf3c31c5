package io.eckermann.client;

import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.time.Instant;

/** Where a cursor is put, forward or back, and what that insists on. Immutable. */
public final class CursorReset {
    private final ResetCursorRequest wire;

    private CursorReset(ResetCursorRequest.Builder wire) {
        this.wire = wire.build();
    }

    /** {@code position} is done with, and what is behind it still to be read; snaps to the nearest that exists. */
    public static CursorReset position(long position) {
        return new CursorReset(ResetCursorRequest.newBuilder().setPosition(position));
    }

    /** The event that the time leads to is the next to be read. */
    public static CursorReset time(Instant recorded, ReadOptions.Seek seek) {
        return new CursorReset(ResetCursorRequest.newBuilder()
                .setTime(TimeStart.newBuilder()
                        .setRecordedNs(Nanos.of(recorded))
                        .setSeek(TimeStart.Seek.valueOf(seek.name()))));
    }

    /** Every event that is kept is still to be read. */
    public static CursorReset earliest() {
        return new CursorReset(ResetCursorRequest.newBuilder().setEnd(ResetCursorRequest.End.EARLIEST));
    }

    /** None is. */
    public static CursorReset latest() {
        return new CursorReset(ResetCursorRequest.newBuilder().setEnd(ResetCursorRequest.End.LATEST));
    }

    /** Only when the cursor is there now; 0: when there is none. */
    public CursorReset expecting(long position) {
        return new CursorReset(wire.toBuilder().setExpected(position));
    }

    ResetCursorRequest wire(String consumer, String topic) {
        return wire.toBuilder().setConsumer(consumer).setTopic(topic).build();
    }

    @Override
    public String toString() {
        return "CursorReset{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
