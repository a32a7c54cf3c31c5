package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.Verb;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a caller must be allowed to do.
 *
 * @param topics the name of a topic, or with {@code all} how names begin
 * @param all whether it is about every topic whose name begins so, whether there are such or not
 * @param consumer whose cursor or which group; empty: those of all; null: none is concerned
 */
public record Need(
        Verb verb, String topics, boolean all, @Nullable String consumer) {
    /** To do this in a topic. */
    public static Need in(String topic, Verb verb) {
        return new Need(verb, topic, false, null);
    }

    /** To do this in every topic whose name begins so. */
    public static Need inAll(String prefix, Verb verb) {
        return new Need(verb, prefix, true, null);
    }

    /**
     * To use cursors and groups.
     *
     * @param topic empty: of all topics
     * @param consumer empty: of all consumers
     */
    public static Need cursor(String topic, String consumer) {
        return new Need(Verb.CURSOR, topic, topic.isEmpty(), consumer);
    }
}
