package io.eckermann.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Consumers' replicated positions in topics. Futures fail with an {@link EckermannException}. */
public interface Cursors {
    /** Commits a position, forward only. */
    default CompletableFuture<CursorPosition> commit(String consumer, String topic, long position) {
        return commit(consumer, topic, position, CommitOptions.DEFAULTS);
    }

    /**
     * Commits a position: {@code position} is the last event the consumer is done with, 0 to head. CURSOR_MOVED (fact
     * {@code position}), CURSOR_WOULD_REWIND, CURSOR_BEYOND_HEAD.
     */
    CompletableFuture<CursorPosition> commit(String consumer, String topic, long position, CommitOptions options);

    /**
     * Puts a cursor somewhere, forward or back, and makes it when there is none; what does not exist leads to the nearest
     * that does, and the answer says that it {@linkplain CursorPosition#snapped snapped}. CURSOR_MOVED.
     */
    CompletableFuture<CursorPosition> reset(String consumer, String topic, CursorReset to);

    /** Where the cursor is; CURSOR_NOT_FOUND. */
    default CompletableFuture<CursorPosition> get(String consumer, String topic) {
        return get(consumer, topic, Consistency.LINEARIZABLE);
    }

    CompletableFuture<CursorPosition> get(String consumer, String topic, Consistency consistency);

    /** The position of the cursor; 0 when the consumer has none in the topic yet: where a loop begins. */
    default CompletableFuture<Long> position(String consumer, String topic) {
        return list(topic, consumer, Consistency.LINEARIZABLE)
                .thenApply(found -> found.isEmpty() ? 0L : found.get(0).position());
    }

    /** Cursors of one topic and one consumer; an empty string means any. */
    CompletableFuture<List<CursorPosition>> list(String topic, String consumer, Consistency consistency);

    /** Deletes a cursor; CURSOR_NOT_FOUND. */
    CompletableFuture<Void> delete(String consumer, String topic);
}
