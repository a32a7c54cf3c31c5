package io.eckermann.client;

import java.time.Duration;
import java.util.List;

/** What becomes of leased events. Immutable. */
public final class Settlement {
    private final io.eckermann.protocol.v1.Settlement wire;

    private Settlement(io.eckermann.protocol.v1.Settlement wire) {
        this.wire = wire;
    }

    /** They are done with. Without positions: all that are still leased under the token, as with the others. */
    public static Settlement ack(long token, List<Long> positions) {
        return new Settlement(begin(token, positions, io.eckermann.protocol.v1.Settlement.Action.ACK)
                .build());
    }

    /** They are to be leased again after the delay, or parked when that was their last attempt. */
    public static Settlement nack(long token, List<Long> positions, Duration delay, String reason) {
        return new Settlement(begin(token, positions, io.eckermann.protocol.v1.Settlement.Action.NACK)
                .setDelayMs(delay.toMillis())
                .setReason(reason)
                .build());
    }

    /** They are set aside. */
    public static Settlement park(long token, List<Long> positions, String reason) {
        return new Settlement(begin(token, positions, io.eckermann.protocol.v1.Settlement.Action.PARK)
                .setReason(reason)
                .build());
    }

    /** They are given back untouched: the attempt does not count. */
    public static Settlement release(long token, List<Long> positions) {
        return new Settlement(begin(token, positions, io.eckermann.protocol.v1.Settlement.Action.RELEASE)
                .build());
    }

    private static io.eckermann.protocol.v1.Settlement.Builder begin(
            long token, List<Long> positions, io.eckermann.protocol.v1.Settlement.Action action) {
        return io.eckermann.protocol.v1.Settlement.newBuilder()
                .setToken(token)
                .addAllPositions(positions)
                .setAction(action);
    }

    io.eckermann.protocol.v1.Settlement wire() {
        return wire;
    }

    @Override
    public String toString() {
        return "Settlement{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
