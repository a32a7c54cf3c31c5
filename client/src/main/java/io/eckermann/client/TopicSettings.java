package io.eckermann.client;

import java.time.Duration;
import java.util.Optional;

/**
 * What can be set about a topic.
 *
 * @param maxEventBytes the largest payload of one event, 1 to 1,048,576 bytes; 0: the default, which is 1,048,576
 * @param description for people, at most 1,000 characters; may be empty
 * @param retainAge events that are older are removed; empty: however old they are, they stay
 * @param retainBytes the oldest chunks are removed until there are at most so many bytes; 0: no bound
 * @param retainEvents the oldest events are removed until there are at most so many; 0: no bound
 * @param compactKeys of each key only the last event is kept, a while after others came before it
 */
public record TopicSettings(
        long maxEventBytes,
        String description,
        Optional<Duration> retainAge,
        long retainBytes,
        long retainEvents,
        boolean compactKeys) {
    public static final TopicSettings DEFAULTS = new TopicSettings(0, "");

    /** Settings under which events stay for ever. */
    public TopicSettings(long maxEventBytes, String description) {
        this(maxEventBytes, description, Optional.empty(), 0, 0, false);
    }

    public TopicSettings withMaxEventBytes(long bytes) {
        return new TopicSettings(bytes, description, retainAge, retainBytes, retainEvents, compactKeys);
    }

    public TopicSettings withDescription(String text) {
        return new TopicSettings(maxEventBytes, text, retainAge, retainBytes, retainEvents, compactKeys);
    }

    /** With a bound on the age of events: in whole milliseconds, up to 100 years. */
    public TopicSettings withRetainAge(Duration age) {
        return new TopicSettings(maxEventBytes, description, Optional.of(age), retainBytes, retainEvents, compactKeys);
    }

    public TopicSettings withRetainBytes(long bytes) {
        return new TopicSettings(maxEventBytes, description, retainAge, bytes, retainEvents, compactKeys);
    }

    public TopicSettings withRetainEvents(long events) {
        return new TopicSettings(maxEventBytes, description, retainAge, retainBytes, events, compactKeys);
    }

    /** Whether of each key only the last event is kept. */
    public TopicSettings withCompactKeys(boolean compact) {
        return new TopicSettings(maxEventBytes, description, retainAge, retainBytes, retainEvents, compact);
    }
}
