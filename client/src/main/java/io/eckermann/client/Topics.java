package io.eckermann.client;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Topics: create, get, list, change, truncate, delete; and single events: delete. Futures fail with an {@link EckermannException}. */
public interface Topics {
    /** Creates a topic with default settings; one that exists with them is returned. */
    default CompletableFuture<CreatedTopic> create(String name) {
        return create(name, TopicSettings.DEFAULTS);
    }

    /** Creates a topic; one that exists with the same settings is returned, with others it is TOPIC_EXISTS. */
    CompletableFuture<CreatedTopic> create(String name, TopicSettings settings);

    /** The same in a shard of the caller's choice, from 0; TOPIC_EXISTS when the name was used in another one before. */
    CompletableFuture<CreatedTopic> create(String name, TopicSettings settings, int shard);

    /** The topic as it is now; TOPIC_NOT_FOUND. */
    default CompletableFuture<Topic> get(String name) {
        return get(name, Consistency.LINEARIZABLE);
    }

    CompletableFuture<Topic> get(String name, Consistency consistency);

    /** Every topic, by name. */
    default CompletableFuture<List<Topic>> list() {
        return list("", Consistency.LINEARIZABLE);
    }

    /** Topics whose name starts with {@code prefix}, by name. */
    CompletableFuture<List<Topic>> list(String prefix, Consistency consistency);

    /** The topic's bounds, cheaper than {@link #get}; TOPIC_NOT_FOUND. */
    CompletableFuture<TopicHead> head(String name, Consistency consistency);

    /** The topic's events by slots of recorded time, a page of them; TOPIC_NOT_FOUND. */
    CompletableFuture<Timeline> timeline(String name, Timeline.Range range);

    /** Changes settings of a topic; TOPIC_NOT_FOUND. */
    CompletableFuture<Topic> update(String name, TopicChanges changes);

    /**
     * Removes the events before a position, for good; positions stay as they are.
     *
     * @return the topic's bounds then; POSITION_OUT_OF_RANGE beyond head + 1
     */
    CompletableFuture<TopicHead> truncate(String name, long position);

    /** Removes the events that were recorded before a time, for good. */
    CompletableFuture<TopicHead> truncateBefore(String name, Instant recorded);

    /**
     * Deletes one event: all that it says is gone for good, its position stays, and readers get it as
     * {@link Event#isDeleted}. EVENT_NOT_FOUND.
     *
     * @return whether it was not deleted before
     */
    CompletableFuture<Boolean> deleteEvent(String name, long position);

    /** Deletes a topic with its events and cursors; TOPIC_NOT_FOUND. Its name may be used again. */
    CompletableFuture<Void> delete(String name);
}
