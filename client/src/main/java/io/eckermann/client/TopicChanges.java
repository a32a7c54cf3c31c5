package io.eckermann.client;

import io.eckermann.protocol.v1.TimelineSlots;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import java.time.Duration;
import java.util.List;

/** What to change about a topic; all that is not named stays as it is. Immutable. */
public final class TopicChanges {
    /** Nothing yet. */
    public static final TopicChanges NONE = new TopicChanges(UpdateTopicRequest.getDefaultInstance());

    private final UpdateTopicRequest wire;

    private TopicChanges(UpdateTopicRequest wire) {
        this.wire = wire;
    }

    public TopicChanges description(String text) {
        return new TopicChanges(wire.toBuilder().setDescription(text).build());
    }

    /** Events that are older are removed; zero: however old they are, they stay. */
    public TopicChanges retainAge(Duration age) {
        return new TopicChanges(wire.toBuilder().setRetainAgeMs(age.toMillis()).build());
    }

    /** The oldest chunks are removed until there are at most so many bytes; 0: no bound. */
    public TopicChanges retainBytes(long bytes) {
        return new TopicChanges(wire.toBuilder().setRetainBytes(bytes).build());
    }

    /** The oldest events are removed until there are at most so many; 0: no bound. */
    public TopicChanges retainEvents(long events) {
        return new TopicChanges(wire.toBuilder().setRetainEvents(events).build());
    }

    /** Whether of each key only the last event is kept, a while after others came before it. */
    public TopicChanges compactKeys(boolean compact) {
        return new TopicChanges(wire.toBuilder().setCompactKeys(compact).build());
    }

    /** Whether ids are unique: from then on, or no more. Ids of events that are there already stay unknown. */
    public TopicChanges uniqueIds(boolean unique) {
        return new TopicChanges(wire.toBuilder().setUniqueIds(unique).build());
    }

    /** Whether the payloads of appends are compared with the topic's schemas. */
    public TopicChanges validate(Validate how) {
        return new TopicChanges(wire.toBuilder().setValidate(how.wire()).build());
    }

    /** Whether everybody may read it, also who shows no credentials. */
    public TopicChanges anonymousRead(boolean anonymous) {
        return new TopicChanges(wire.toBuilder().setAnonymousRead(anonymous).build());
    }

    /** The slots of its timeline in place of those there were: at most 8, of whole seconds; the first is the usual one. */
    public TopicChanges timelineSlots(List<Duration> slots) {
        TimelineSlots all = TimelineSlots.newBuilder()
                .addAllSlotMs(slots.stream().map(Duration::toMillis).toList())
                .build();
        return new TopicChanges(wire.toBuilder().setTimeline(all).build());
    }

    UpdateTopicRequest wire(String topic) {
        return wire.toBuilder().setName(topic).build();
    }

    @Override
    public String toString() {
        return "TopicChanges{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
