package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.TermUse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** What looking for such events from this position on looks at. */
    List<TermUse> explain(long topicId, Filter filter, long from);

    /** The topic with what it knows of a key, both of one moment. */
    Optional<KeyState> key(long topicId, String key);

    Optional<CursorState> cursor(long topicId, String consumer);

    /** A topic's cursors, by consumer. */
    List<CursorState> cursors(long topicId);
}
