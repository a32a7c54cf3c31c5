package io.eckermann.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can be set about a topic. Immutable; two that say the same are equal. */
public final class TopicSettings {
    /** Events of the usual size, which stay for ever, whatever they hold. */
    public static final TopicSettings DEFAULTS =
            new TopicSettings(io.eckermann.protocol.v1.TopicSettings.getDefaultInstance());

    private final io.eckermann.protocol.v1.TopicSettings wire;

    TopicSettings(io.eckermann.protocol.v1.TopicSettings wire) {
        this.wire = wire;
    }

    /** Settings under which events stay for ever. */
    public TopicSettings(long maxEventBytes, String description) {
        this(DEFAULTS.wire.toBuilder()
                .setMaxEventBytes(maxEventBytes)
                .setDescription(description)
                .build());
    }

    /** The largest payload of one event, 1 to 1,048,576 bytes; 0: the default, which is 1,048,576. */
    public long maxEventBytes() {
        return wire.getMaxEventBytes();
    }

    /** For people, at most 1,000 characters; may be empty. */
    public String description() {
        return wire.getDescription();
    }

    /** Events that are older are removed; empty: however old they are, they stay. */
    public Optional<Duration> retainAge() {
        return Optional.of(Duration.ofMillis(wire.getRetainAgeMs())).filter(age -> !age.isZero());
    }

    /** The oldest chunks are removed until there are at most so many bytes; 0: no bound. */
    public long retainBytes() {
        return wire.getRetainBytes();
    }

    /** The oldest events are removed until there are at most so many; 0: no bound. */
    public long retainEvents() {
        return wire.getRetainEvents();
    }

    /** Whether of each key only the last event is kept, a while after others came before it. */
    public boolean compactKeys() {
        return wire.getCompactKeys();
    }

    /** Whether an event is refused, with EVENT_ID_EXISTS, whose id an event of the topic has. */
    public boolean uniqueIds() {
        return wire.getUniqueIds();
    }

    /** Whether events are indexed by their business time, for {@link EventStore#readByEventTime}. */
    public boolean indexEventTime() {
        return wire.getIndexEventTime();
    }

    /** The slots of its timeline, at most 8, of whole seconds; the first is meant when none is asked for. */
    public List<Duration> timelineSlots() {
        return wire.getTimelineSlotMsList().stream().map(Duration::ofMillis).toList();
    }

    /** Whether the payloads of appends are compared with the topic's schemas. */
    public Validate validate() {
        return Validate.of(wire.getValidate());
    }

    /** Whether everybody may read it, also who shows no credentials; of a cluster that asks for them. */
    public boolean anonymousRead() {
        return wire.getAnonymousRead();
    }

    public TopicSettings withMaxEventBytes(long bytes) {
        return new TopicSettings(wire.toBuilder().setMaxEventBytes(bytes).build());
    }

    public TopicSettings withDescription(String text) {
        return new TopicSettings(wire.toBuilder().setDescription(text).build());
    }

    /** With a bound on the age of events: in whole milliseconds, up to 100 years. */
    public TopicSettings withRetainAge(Duration age) {
        return new TopicSettings(wire.toBuilder().setRetainAgeMs(age.toMillis()).build());
    }

    public TopicSettings withRetainBytes(long bytes) {
        return new TopicSettings(wire.toBuilder().setRetainBytes(bytes).build());
    }

    public TopicSettings withRetainEvents(long events) {
        return new TopicSettings(wire.toBuilder().setRetainEvents(events).build());
    }

    /** Whether of each key only the last event is kept. */
    public TopicSettings withCompactKeys(boolean compact) {
        return new TopicSettings(wire.toBuilder().setCompactKeys(compact).build());
    }

    /** With ids that no two events of the topic share. */
    public TopicSettings withUniqueIds(boolean unique) {
        return new TopicSettings(wire.toBuilder().setUniqueIds(unique).build());
    }

    /** With an index of business times, or without; it can't be changed when the topic is there. */
    public TopicSettings withIndexEventTime(boolean index) {
        return new TopicSettings(wire.toBuilder().setIndexEventTime(index).build());
    }

    public TopicSettings withTimelineSlots(List<Duration> slots) {
        return new TopicSettings(wire.toBuilder()
                .clearTimelineSlotMs()
                .addAllTimelineSlotMs(slots.stream().map(Duration::toMillis).toList())
                .build());
    }

    public TopicSettings withValidate(Validate how) {
        return new TopicSettings(wire.toBuilder().setValidate(how.wire()).build());
    }

    /** With everybody as a reader, or only who is allowed to. */
    public TopicSettings withAnonymousRead(boolean anonymous) {
        return new TopicSettings(wire.toBuilder().setAnonymousRead(anonymous).build());
    }

    io.eckermann.protocol.v1.TopicSettings wire() {
        return wire;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicSettings settings && settings.wire.equals(wire);
    }

    @Override
    public int hashCode() {
        return wire.hashCode();
    }

    @Override
    public String toString() {
        return "TopicSettings[" + wire.toString().strip().replace("\n", ", ") + "]";
    }
}
