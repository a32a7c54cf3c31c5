package io.eckermann.client;

import io.eckermann.protocol.v1.QueryItem;
import java.util.List;

/**
 * Which events are meant: those that match at least one item. Immutable.
 *
 * <pre>{@code
 * Query ofStudent = Query.types("StudentSubscribed").tags("student:s1").or(Query.types("CourseDefined").tags("course:c1"));
 * }</pre>
 */
public final class Query {
    /** All events. */
    public static final Query ALL = new Query(io.eckermann.protocol.v1.Query.getDefaultInstance());

    private final io.eckermann.protocol.v1.Query wire;

    private Query(io.eckermann.protocol.v1.Query wire) {
        this.wire = wire;
    }

    /** Events of one of these types; of any type when none is given. */
    public static Item types(String... types) {
        return new Item(QueryItem.newBuilder().addAllTypes(List.of(types)).build());
    }

    /** Those of this, and those of the other. */
    public Query or(Query other) {
        // No items mean all events, and more than all there are not.
        return wire.getItemsCount() == 0 || other.wire.getItemsCount() == 0
                ? ALL
                : new Query(
                        wire.toBuilder().addAllItems(other.wire.getItemsList()).build());
    }

    static Query of(io.eckermann.protocol.v1.Query wire) {
        return wire.getItemsCount() == 0 ? ALL : new Query(wire);
    }

    /** What its items name; none: all events are meant. */
    public List<Terms> items() {
        return wire.getItemsList().stream()
                .map(item -> new Terms(List.copyOf(item.getTypesList()), List.copyOf(item.getTagsList())))
                .toList();
    }

    io.eckermann.protocol.v1.Query wire() {
        return wire;
    }

    @Override
    public String toString() {
        return "Query{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }

    /**
     * What one item names.
     *
     * @param types an event has one of them; empty: any
     * @param tags an event has all of them
     */
    public record Terms(List<String> types, List<String> tags) {}

    /** A query that lacks its tags still. */
    public static final class Item {
        private final QueryItem item;

        private Item(QueryItem item) {
            this.item = item;
        }

        /** Which of them have all of these tags; none: whatever tags they have. */
        public Query tags(String... tags) {
            return new Query(io.eckermann.protocol.v1.Query.newBuilder()
                    .addItems(item.toBuilder().addAllTags(List.of(tags)))
                    .build());
        }
    }
}
