package io.eckermann.client;

import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.time.Instant;

/**
 * What to read: where to start, in which direction, how far, how fresh. Immutable. Without any option every event of the
 * topic is read, forward. The server judges contradictions (BAD_REQUEST naming the field).
 */
public final class ReadOptions {
    /** Every event, forward, to the head. */
    public static final ReadOptions ALL = builder().build();

    private final ReadRequest wire;

    private ReadOptions(ReadRequest wire) {
        this.wire = wire;
    }

    public static Builder builder() {
        return new Builder(ReadRequest.newBuilder());
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        return new Builder(wire.toBuilder());
    }

    /** Whether it goes on live after the past. */
    public boolean follow() {
        return wire.getFollow();
    }

    public boolean backward() {
        return wire.getDirection() == Direction.BACKWARD;
    }

    ReadRequest wire() {
        return wire;
    }

    /** What the index is asked about them. */
    ExplainRequest explained(String topic) {
        ExplainRequest.Builder request = ExplainRequest.newBuilder()
                .setTopic(topic)
                .setQuery(wire.getQuery())
                .setAfter(wire.getAfter())
                .setConsistency(wire.getConsistency());
        if (wire.hasKey()) {
            request.setKey(wire.getKey());
        }
        return request.build();
    }

    @Override
    public String toString() {
        return "ReadOptions{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }

    /** Which event a time leads to. */
    public enum Seek {
        AT_OR_AFTER,
        AT_OR_BEFORE,
        NEAREST
    }

    /** Builds one; of several starts the last one set holds. Not thread safe. */
    public static final class Builder {
        private final ReadRequest.Builder wire;

        private Builder(ReadRequest.Builder wire) {
            this.wire = wire;
        }

        /** Start: this position, inclusive; snaps to the nearest event that exists. */
        public Builder from(long position) {
            wire.setFrom(position);
            return this;
        }

        /** Start: exclusive; forward the next one, backward the one before. */
        public Builder after(long position) {
            wire.setAfter(position);
            return this;
        }

        /** Start: by recorded time; forward at or after it. */
        public Builder time(Instant recorded, Seek seek) {
            return timeNs(Nanos.of(recorded), seek);
        }

        /** Start: by recorded time in nanoseconds since 1970-01-01T00:00:00Z. */
        public Builder timeNs(long recordedNs, Seek seek) {
            wire.setTime(TimeStart.newBuilder().setRecordedNs(recordedNs).setSeek(TimeStart.Seek.valueOf(seek.name())));
            return this;
        }

        /** Start: the last {@code count} events. */
        public Builder last(long count) {
            wire.setLast(count);
            return this;
        }

        /** Start: after the committed position of this consumer's cursor; the first event when it has none. */
        public Builder cursor(String consumer) {
            wire.setCursor(consumer);
            return this;
        }

        /** Only events of the key. */
        public Builder key(String key) {
            wire.setKey(key);
            return this;
        }

        /** Only events that match, of which deleted ones are none; of a start by {@link #last} only these count. */
        public Builder query(Query query) {
            wire.setQuery(query.wire());
            return this;
        }

        /**
         * Only events for which this expression of CEL is true, e.g. {@code data.amount > 100}; of a start by {@link #last}
         * only these count. Where it can't be computed, because a field is missing, it counts as false.
         */
        public Builder filter(String expression) {
            wire.setFilter(expression);
            return this;
        }

        /** Newest first. */
        public Builder backward() {
            wire.setDirection(Direction.BACKWARD);
            return this;
        }

        /** The last position to read, inclusive; 0: no bound. Backward it is the lowest. */
        public Builder to(long position) {
            wire.setTo(position);
            return this;
        }

        /** Only events recorded at this time or later, in whatever direction. */
        public Builder since(Instant recorded) {
            return sinceNs(Nanos.of(recorded));
        }

        /** Only events recorded at this time or later; 0: no bound. */
        public Builder sinceNs(long recordedNs) {
            wire.setSinceNs(recordedNs);
            return this;
        }

        /** Only events recorded before this time. */
        public Builder until(Instant recorded) {
            return untilNs(Nanos.of(recorded));
        }

        /** Only events recorded before this time; 0: no bound. */
        public Builder untilNs(long recordedNs) {
            wire.setUntilNs(recordedNs);
            return this;
        }

        /** At most so many events; 0: no bound. */
        public Builder limit(long events) {
            wire.setLimit(events);
            return this;
        }

        /** At most so many bytes of encoded events, but at least one event; 0: no bound. */
        public Builder maxBytes(long bytes) {
            wire.setMaxBytes(bytes);
            return this;
        }

        /**
         * POSITION_OUT_OF_RANGE instead of snapping: when the position to start at, or the cursor, is before the first
         * event kept or beyond the head, and when events ahead of the reader are removed while it reads.
         */
        public Builder exact() {
            wire.setExact(true);
            return this;
        }

        public Builder consistency(Consistency consistency) {
            wire.setConsistency(Wire.consistency(consistency));
            return this;
        }

        /** The node waits until it has applied at least this position, e.g. that of an own append. */
        public Builder atLeast(long position) {
            wire.setAtLeast(position);
            return this;
        }

        /** Go on live after the past, until the read is cancelled or a bound is met; forward only. */
        public Builder follow() {
            wire.setFollow(true);
            return this;
        }

        public ReadOptions build() {
            return new ReadOptions(wire.build());
        }
    }
}
