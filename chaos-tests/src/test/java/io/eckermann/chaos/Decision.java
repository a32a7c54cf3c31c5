package io.eckermann.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What an append rests on: no event behind a position matches any of the items. It is the payload of each of its events,
 * so that the log alone tells whether it was right to accept it.
 *
 * @param items none: any event matches
 */
record Decision(String writer, long number, long after, List<Item> items) {
    private static final int TYPES = 10;
    private static final int TAGS = 20;

    /** Events of one of the types (none: of any) with all of the tags. */
    record Item(List<String> types, List<String> tags) {
        boolean matches(Marks event) {
            return (types.isEmpty() || types.contains(event.type()))
                    && event.tags().containsAll(tags);
        }
    }

    /** What queries know of an event. */
    record Marks(String type, List<String> tags) {
        static Marks any(Random random) {
            return new Marks("type" + random.nextInt(TYPES), some(random, "tag", TAGS, 3));
        }
    }

    /** Items of which each names something; once in a while none. */
    static List<Item> anyItems(Random random) {
        List<Item> items = new ArrayList<>();
        for (int i = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            List<String> types = some(random, "type", TYPES, 3);
            List<String> tags = some(random, "tag", TAGS, 2);
            items.add(new Item(types, types.isEmpty() && tags.isEmpty() ? List.of("tag0") : tags));
        }
        return items;
    }

    static Decision of(JsonNode json) {
        List<Item> items = new ArrayList<>();
        json.path("items").forEach(item -> items.add(new Item(texts(item.path("types")), texts(item.path("tags")))));
        return new Decision(
                json.path("writer").asText(),
                json.path("number").asLong(),
                json.path("after").asLong(),
                items);
    }

    boolean matches(Marks event) {
        return items.isEmpty() || items.stream().anyMatch(item -> item.matches(event));
    }

    static Query query(List<Item> items) {
        return items.stream()
                .map(item -> Query.types(item.types().toArray(String[]::new))
                        .tags(item.tags().toArray(String[]::new)))
                .reduce(Query::or)
                .orElse(Query.ALL);
    }

    /**
     * As a payload.
     *
     * @param part which of the append's events it is for, from 0
     */
    String json(int part) {
        ObjectNode json = Script.JSON
                .createObjectNode()
                .put("writer", writer)
                .put("number", number)
                .put("part", part)
                .put("after", after);
        ArrayNode list = json.putArray("items");
        for (Item item : items) {
            ObjectNode one = list.addObject();
            item.types().forEach(one.putArray("types")::add);
            item.tags().forEach(one.putArray("tags")::add);
        }
        return json.toString();
    }

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<String> some(Random random, String name, int of, int max) {
        return random.ints(random.nextInt(max + 1), 0, of)
                .distinct()
                .mapToObj(number -> name + number)
                .toList();
    }
}
