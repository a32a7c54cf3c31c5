package io.eckermann.statemachine.query;

import io.eckermann.protocol.v1.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which events are looked for: those that match the query and, if one is given, are of the key.
 *
 * @param query without items: all events
 */
public record Filter(Query query, @Nullable String key) {
    /** Events that match a query. */
    public static Filter of(Query query) {
        return new Filter(query, null);
    }

    /** Events of a key. */
    public static Filter ofKey(String key) {
        return new Filter(Query.getDefaultInstance(), key);
    }
}
