package io.eckermann.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Topics: create, get, list, delete. Futures fail with an {@link EckermannException}. */
public interface Topics {
    /** Creates a topic with default settings; one that exists with them is returned. */
    default CompletableFuture<CreatedTopic> create(String name) {
        return create(name, TopicSettings.DEFAULTS);
    }

    /** Creates a topic; one that exists with the same settings is returned, with others it is TOPIC_EXISTS. */
    CompletableFuture<CreatedTopic> create(String name, TopicSettings settings);

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

    /** Deletes a topic with its events and cursors; TOPIC_NOT_FOUND. Its name may be used again. */
    CompletableFuture<Void> delete(String name);
}
