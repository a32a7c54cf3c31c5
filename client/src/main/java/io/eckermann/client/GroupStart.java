package io.eckermann.client;

import java.time.Instant;

/** Where a group begins. Immutable. */
public final class GroupStart {
    /** With the topic's first event. */
    public static final GroupStart FIRST = new GroupStart(io.eckermann.protocol.v1.GroupStart.getDefaultInstance());
    /** With the next event that is appended. */
    public static final GroupStart LATEST = new GroupStart(
            io.eckermann.protocol.v1.GroupStart.newBuilder().setLatest(true).build());

    private final io.eckermann.protocol.v1.GroupStart wire;

    private GroupStart(io.eckermann.protocol.v1.GroupStart wire) {
        this.wire = wire;
    }

    /** With the event at this position, 1 to head + 1. */
    public static GroupStart position(long position) {
        return new GroupStart(io.eckermann.protocol.v1.GroupStart.newBuilder()
                .setPosition(position)
                .build());
    }

    /** With the first event recorded then or later. */
    public static GroupStart time(Instant time) {
        return new GroupStart(io.eckermann.protocol.v1.GroupStart.newBuilder()
                .setTimeNs(Nanos.of(time))
                .build());
    }

    io.eckermann.protocol.v1.GroupStart wire() {
        return wire;
    }

    @Override
    public String toString() {
        return "GroupStart{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
