package io.eckermann.client;

import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EventTimePlace;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.time.Instant;

/** What to read in the order of business times: a range of them, in either direction, a page at a time. Immutable. */
public final class EventTimeRead {
    /** Every event that says its time, forward. */
    public static final EventTimeRead ALL = new EventTimeRead(ReadByEventTimeRequest.getDefaultInstance());

    private final ReadByEventTimeRequest wire;

    private EventTimeRead(ReadByEventTimeRequest wire) {
        this.wire = wire;
    }

    /** Only events of this time or later. */
    public EventTimeRead since(Instant time) {
        return new EventTimeRead(wire.toBuilder().setSinceNs(Nanos.of(time)).build());
    }

    /** Only events of an earlier time. */
    public EventTimeRead until(Instant time) {
        return new EventTimeRead(wire.toBuilder().setUntilNs(Nanos.of(time)).build());
    }

    /** Latest first. */
    public EventTimeRead backward() {
        return new EventTimeRead(
                wire.toBuilder().setDirection(Direction.BACKWARD).build());
    }

    /** Starts with the event that a business time leads to. */
    public EventTimeRead time(Instant time, ReadOptions.Seek seek) {
        return new EventTimeRead(wire.toBuilder()
                .setTime(TimeStart.newBuilder()
                        .setRecordedNs(Nanos.of(time))
                        .setSeek(TimeStart.Seek.valueOf(seek.name())))
                .build());
    }

    /** Goes on where another page said. */
    public EventTimeRead from(EventTimePage.Place place) {
        return new EventTimeRead(wire.toBuilder()
                .setPlace(EventTimePlace.newBuilder().setTimeNs(place.timeNs()).setPosition(place.position()))
                .build());
    }

    /** At most so many events in a page, up to 1,000; 0: 100. */
    public EventTimeRead limit(int events) {
        return new EventTimeRead(wire.toBuilder().setLimit(events).build());
    }

    /** Only events that match. Those between are read by the node nevertheless. */
    public EventTimeRead query(Query query) {
        return new EventTimeRead(wire.toBuilder().setQuery(query.wire()).build());
    }

    /** Only events of this key. */
    public EventTimeRead key(String key) {
        return new EventTimeRead(wire.toBuilder().setKey(key).build());
    }

    /** Only events for which an expression is true, as in {@link ReadOptions.Builder#filter}. */
    public EventTimeRead filter(String expression) {
        return new EventTimeRead(wire.toBuilder().setFilter(expression).build());
    }

    public EventTimeRead consistency(Consistency consistency) {
        return new EventTimeRead(
                wire.toBuilder().setConsistency(Wire.consistency(consistency)).build());
    }

    ReadByEventTimeRequest wire(String topic) {
        return wire.toBuilder().setTopic(topic).build();
    }

    @Override
    public String toString() {
        return "EventTimeRead{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
