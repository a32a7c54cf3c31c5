package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.TermUse;
import io.eckermann.statemachine.storage.IndexFigures;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What this node has applied, for readers. Every call sees one consistent moment and is safe from any thread; calls
 * are short and may touch the disk, so not for event loops. A chunk that does not match its checksum is DATA_CORRUPT.
 */
public interface ReadView {
    /** The last entry whose effects are visible. */
    RaftIndex visible();

    Optional<TopicState> topic(String name);

    Optional<TopicState> topic(long topicId);

    /** The shard that has, or had, the topic of this name; empty for one that was never placed, or is in the only shard. */
    default OptionalInt placement(String name) {
        return OptionalInt.empty();
    }

    /** Up to which format commands may be. */
    default int agreedFormat() {
        return CommandCodec.FORMAT_FIRST;
    }

    /** Topics whose name starts with the prefix, in the order of their names. */
    List<TopicState> topics(String prefix);

    /**
     * As {@link #forward}, when memory holds it all. Touches no disk and waits for nobody, so it may be called on event
     * loops. What it shows may be a moment older than what the other methods show, never newer.
     *
     * @return null when the disk has to be asked
     */
    default @Nullable Recent recent(long topicId, long from, long bytesMax) {
        return null;
    }

    /**
     * Consecutive chunks in position order, beginning with the one that holds {@code from}.
     *
     * @param from a position that exists, or head + 1 (then the page is empty)
     * @param bytesMax stops before the chunk that would go over it, but returns at least one
     */
    List<Chunk> forward(long topicId, long from, long bytesMax);

    /** The same in falling order of chunks; events within a chunk stay in position order. {@code from} of 0 is empty. */
    List<Chunk> backward(long topicId, long from, long bytesMax);

    /**
     * The chunk that holds a position as it is stored, with the address of its body.
     *
     * @return empty when the topic has no such event
     */
    Optional<StoredChunk> stored(long topicId, long position);

    /** Topics that hold events which their settings do not retain any more at this time, in nanoseconds; by id. */
    List<Long> overdue(long nowNs);

    /** Topics whose index names so many truncated events that they should be dropped from it; by their names. */
    List<TopicState> withUntidyIndex();

    /**
     * Topics that compact their keys, and hold enough that was not looked through for superseded events yet.
     *
     * @param beforeNs only chunks that were recorded before this time, in nanoseconds
     * @param percent how many of a topic's bytes up to there are new at least
     */
    List<CompactionDue> compactionsDue(long beforeNs, int percent);

    /** Where the last event of each key is that the topic knows, also when that was removed. */
    Map<String, Long> lastOfKeys(long topicId, Collection<String> keys);

    /**
     * The position the time names.
     *
     * @return empty when no event qualifies: none at or after, none at or before, or an empty topic
     */
    OptionalLong positionAt(long topicId, long recordedNs, TimeSeek seek);

    /**
     * Slots of recorded time that hold events, rising; none when there is no such topic.
     *
     * @param slotNs how long each is, in nanoseconds
     * @param sinceNs events before do not count
     * @param untilNs events from then on do not count
     * @param max how many slots at most
     */
    List<TimelineSlot> timeline(long topicId, long slotNs, long sinceNs, long untilNs, int max);

    /** What lies behind a position: of a cursor, what is still to be read. */
    Optional<Unread> unread(long topicId, long position);

    /**
     * Positions of events that match, in rising order. Removed events are not found; deleted ones are where all
     * events are looked for.
     *
     * @param from where to look, inclusive
     * @param to the last position to look at
     * @param max how many to find at most
     */
    List<Long> matchesForward(long topicId, Filter filter, long from, long to, int max);

    /** The same in falling order: {@code to} is the lowest position to look at. */
    List<Long> matchesBackward(long topicId, Filter filter, long from, long to, int max);

    /**
     * Events of a topic that indexes their business time, in its order: rising when {@code from} is before {@code to},
     * else falling. Removed and deleted events are not found.
     *
     * @param from the first place to look at
     * @param to the last
     * @param max how many to find at most; there may be fewer although there are more
     */
    EventTimes eventTimes(long topicId, EventTime from, EventTime to, int max);

    /** What looking for such events from this position on looks at. */
    List<TermUse> explain(long topicId, Filter filter, long from);

    /** The topic with what it knows of a key, both of one moment. */
    Optional<KeyState> key(long topicId, String key);

    /** What the index tells of itself; reads no rows. */
    default IndexFigures indexFigures() {
        throw new UnsupportedOperationException("there is no index here");
    }

    /** What is known of groups. */
    default GroupView groups() {
        throw new UnsupportedOperationException("there are no groups here");
    }

    /** A topic's webhook of this name; none where there are none. */
    default Optional<WebhookState> webhook(long topicId, String name) {
        return Optional.empty();
    }

    /** Webhooks by name: a topic's, or with 0 those of all topics. */
    default List<WebhookState> webhooks(long topicId) {
        return List.of();
    }

    /** All keys and rules; none where none are kept. */
    default AccessState access() {
        return AccessState.NONE;
    }

    Optional<CursorState> cursor(long topicId, String consumer);

    /** A topic's cursors, by consumer. */
    List<CursorState> cursors(long topicId);

    /**
     * Grows whenever topics that were there may have got other settings, after that is visible: who remembers a topic looks
     * here before he relies on it. Touches no disk.
     */
    default long settingsChanges() {
        return 0;
    }

    /**
     * One schema with its content; none where none are kept.
     *
     * @param version 0 for the newest
     */
    default Optional<SchemaState> schema(long topicId, String type, int version) {
        return Optional.empty();
    }

    /** The newest version of a type's schemas; 0 when it has none. */
    default int newestSchema(long topicId, String type) {
        return 0;
    }

    /**
     * Schemas without their contents, by type and version.
     *
     * @param type empty for the newest schema of each type, else all of this one
     */
    default List<SchemaState> schemas(long topicId, String type) {
        return List.of();
    }

    /**
     * Whether an append is known to have been accepted before, by its producer's sequence or its idempotency key: if it is
     * applied once more it adds nothing.
     */
    default boolean wasAccepted(
            long topicId, Operation.@Nullable ProducerSequence producer, Particulars.@Nullable Request request) {
        return false;
    }
}
