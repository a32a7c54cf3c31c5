package io.eckermann.gateway;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;

/** What queries may ask for; the limits are for all that are checked by one of these. Used once, by one thread. */
public final class QueryRules {
    private int items;
    private int types;
    private int tags;

    /**
     * Checks one more query.
     *
     * @param field how the caller knows it, e.g. {@code conditions[0].fail_if_events_match}
     * @throws StoreException BAD_REQUEST naming the field
     */
    public void check(String field, Query query) {
        for (int i = 0; i < query.getItemsCount(); i++) {
            QueryItem item = query.getItems(i);
            String at = field + ".items[" + i + "]";
            if (item.getTypesCount() == 0 && item.getTagsCount() == 0) {
                throw bad(at, "An item of a query has types or tags, or both; leave the query out to mean all events.");
            }
            item.getTypesList().forEach(type -> notEmpty(at + ".types", type));
            for (int k = 0; k < item.getTagsCount(); k++) {
                notEmpty(at + ".tags", item.getTags(k));
                if (item.getTagsBytes(k).size() > Limits.TAG_BYTES_MAX) {
                    throw bad(at + ".tags[" + k + "]", "A tag has at most 256 bytes: no event has a longer one.")
                            .with("bytes_max", Limits.TAG_BYTES_MAX);
                }
            }
            atMost(at, "items", ++items, Limits.QUERY_ITEMS_MAX);
            types += item.getTypesCount();
            atMost(at, "types", types, Limits.QUERY_TYPES_MAX);
            tags += item.getTagsCount();
            atMost(at, "tags", tags, Limits.QUERY_TAGS_MAX);
        }
    }

    private static void notEmpty(String field, String text) {
        if (text.isEmpty()) {
            throw bad(field, "Types and tags are not empty.");
        }
    }

    private static void atMost(String field, String what, int count, int max) {
        if (count > max) {
            throw bad(field, "Too many " + what + " in the queries: ask for fewer.")
                    .with("max", max);
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
