package io.eckermann.client;

import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for and what has arrived, hence what is still to be asked for after a lost connection. Not thread safe.
 */
final class ReadPlan {
    private static final int HEARTBEAT_MS = 5_000;

    private final ReadRequest asked;
    private final boolean backward;
    private boolean started;
    /** Position of the next event in reading direction, once started. */
    private long expected;

    private long headAtStart;
    private long events;
    private long bytes;

    ReadPlan(String topic, ReadOptions options) {
        this.asked = options.wire().toBuilder()
                .setTopic(topic)
                .setFormat(ReadRequest.Format.CHUNKS)
                .setHeartbeatMillis(HEARTBEAT_MS)
                .build();
        this.backward = options.backward();
    }

    boolean follow() {
        return asked.getFollow();
    }

    boolean backward() {
        return backward;
    }

    boolean started() {
        return started;
    }

    /** Whether a following read can come to an end by itself. */
    boolean bounded() {
        return asked.getTo() > 0 || asked.getUntilNs() > 0 || asked.getLimit() > 0 || asked.getMaxBytes() > 0;
    }

    /** The request for the rest; null when nothing is left of it. */
    @Nullable
    ReadRequest rest() {
        if (!started) {
            return asked;
        }
        ReadRequest.Builder rest = asked.toBuilder().setFrom(expected);
        long limit = asked.getLimit();
        boolean last = asked.getStartCase() == ReadRequest.StartCase.LAST;
        if (last && backward) {
            limit = limit == 0 ? asked.getLast() : Math.min(limit, asked.getLast());
        } else if (last && !follow()) {
            rest.setTo(asked.getTo() == 0 ? headAtStart : Math.min(asked.getTo(), headAtStart));
        }
        boolean beyond = backward ? expected < Math.max(1, rest.getTo()) : rest.getTo() > 0 && expected > rest.getTo();
        boolean full = (limit > 0 && events >= limit) || (asked.getMaxBytes() > 0 && bytes >= asked.getMaxBytes());
        if (beyond || full) {
            return null;
        }
        // A node that lags behind what has arrived would start too early.
        long arrived = backward ? expected + 1 : expected - 1;
        return rest.setLimit(limit == 0 ? 0 : limit - events)
                .setMaxBytes(asked.getMaxBytes() == 0 ? 0 : asked.getMaxBytes() - bytes)
                .setAtLeast(Math.max(asked.getAtLeast(), events == 0 ? 0 : arrived))
                .build();
    }

    /** Takes in how a read began; true for the first time, and when events were removed before it got to them. */
    boolean begun(ReadStarted frame) {
        boolean first = !started;
        if (first) {
            headAtStart = frame.getHead();
            expected = frame.getPosition();
            started = true;
        } else if (!backward && frame.getPosition() > expected) {
            // Events were removed meanwhile: there is nothing before this.
            expected = frame.getPosition();
            return true;
        }
        return first;
    }

    /** Takes in that all before this position has arrived, or is not wanted; 0 when nothing is said. */
    void lookedAt(long next) {
        if (started && next > 0) {
            expected = backward ? Math.min(expected, next) : Math.max(expected, next);
        }
    }

    /** Takes in the next chunk in reading order, without what had arrived before; null when that is all of it. */
    @Nullable
    RecordedChunk arrived(RecordedChunk chunk) {
        boolean known = backward ? chunk.last() > expected : chunk.first() < expected;
        RecordedChunk fresh = !known ? chunk : backward ? chunk.upTo(expected) : chunk.from(expected);
        if (fresh.count() == 0) {
            return null;
        }
        events += fresh.count();
        expected = backward ? fresh.first() - 1 : fresh.last() + 1;
        if (asked.getMaxBytes() > 0) {
            fresh.events().forEach(event -> bytes += event.event().wireBytes());
        }
        return fresh;
    }
}
