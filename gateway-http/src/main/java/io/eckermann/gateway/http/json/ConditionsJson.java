package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Fence;
import io.eckermann.protocol.v1.IndexRange;
import io.eckermann.protocol.v1.KeyVersion;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Conditions and queries in JSON. */
public final class ConditionsJson {
    static final String FIELD = "conditions";

    private static final List<String> KINDS = List.of(
            "expected_head", "topic_empty", "key_version", "key_absent", "fail_if_events_match", "after", "fence");

    private ConditionsJson() {}

    /** Reads {@code {"items":[{"types":[…],"tags":[…]}]}}. */
    public static Query query(String field, String text) {
        return JsonText.parse(text, field, in -> query(in, field));
    }

    /** Which parts of the index are looked at. */
    public static byte[] explained(ExplainResponse answer) {
        return JsonText.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("ranges");
            for (IndexRange range : answer.getRangesList()) {
                out.writeStartObject();
                if (range.getItem() >= 0) {
                    out.writeNumberField("item", range.getItem());
                }
                out.writeStringField(range.getKind(), range.getText());
                out.writeNumberField("rows", range.getRows());
                out.writeNumberField("events", range.getEvents());
                out.writeBooleanField("counted_all", range.getCountedAll());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeNumberField("head", answer.getHead());
            out.writeEndObject();
        });
    }

    /** @param at the list's name in errors */
    static List<Condition> read(JsonParser in, String at) throws IOException {
        List<Condition> conditions = new ArrayList<>();
        list(in, at, each -> conditions.add(condition(in, each)));
        return conditions;
    }

    private static Condition condition(JsonParser in, String at) throws IOException {
        Condition.Builder condition = Condition.newBuilder();
        long[] after = {-1};
        JsonFields.object(in, at + ".", KINDS, (name, value) -> {
            String field = at + "." + name;
            if (name.equals("after")) {
                after[0] = JsonFields.number(value, field, 0, Long.MAX_VALUE);
                return;
            }
            if (condition.getKindCase() != Condition.KindCase.KIND_NOT_SET) {
                throw JsonFields.wrong(field, "is a second condition in one object: write an object for each");
            }
            take(condition, name, value, field);
        });
        if (condition.getKindCase() == Condition.KindCase.KIND_NOT_SET) {
            throw JsonFields.wrong(at, "is empty: a condition is one of " + String.join(", ", KINDS));
        }
        if (after[0] >= 0) {
            if (!condition.hasFailIfEventsMatch()) {
                throw JsonFields.wrong(at + ".after", "belongs to 'fail_if_events_match', which is not there");
            }
            condition.getFailIfEventsMatchBuilder().setAfter(after[0]);
        }
        return condition.build();
    }

    private static void take(Condition.Builder condition, String name, JsonParser in, String field) throws IOException {
        switch (name) {
            case "expected_head" -> condition.setExpectedHead(JsonFields.number(in, field, 0, Long.MAX_VALUE));
            case "topic_empty" -> condition.setTopicEmpty(JsonFields.flag(in, field));
            case "key_version" -> condition.setKeyVersion(keyVersion(in, field));
            case "key_absent" -> condition.setKeyAbsent(JsonFields.text(in, field));
            case "fail_if_events_match" ->
                condition.setFailIfEventsMatch(FailIfEventsMatch.newBuilder().setQuery(query(in, field)));
            case "fence" -> condition.setFence(fence(in, field));
            default -> throw new AssertionError(name);
        }
    }

    private static KeyVersion keyVersion(JsonParser in, String at) throws IOException {
        KeyVersion.Builder version = KeyVersion.newBuilder();
        boolean[] given = {false};
        JsonFields.object(in, at + ".", List.of("key", "version"), (name, value) -> {
            if (name.equals("key")) {
                version.setKey(JsonFields.text(value, at + ".key"));
            } else {
                version.setVersion(JsonFields.number(value, at + ".version", 0, Long.MAX_VALUE));
                given[0] = true;
            }
        });
        if (!given[0]) {
            throw JsonFields.wrong(at + ".version", "is missing");
        }
        return version.build();
    }

    private static Fence fence(JsonParser in, String at) throws IOException {
        Fence.Builder fence = Fence.newBuilder();
        boolean[] given = {false};
        JsonFields.object(in, at + ".", List.of("name", "token"), (name, value) -> {
            if (name.equals("name")) {
                fence.setName(JsonFields.text(value, at + ".name"));
            } else {
                fence.setToken(JsonFields.number(value, at + ".token", 0, Long.MAX_VALUE));
                given[0] = true;
            }
        });
        if (!given[0]) {
            throw JsonFields.wrong(at + ".token", "is missing");
        }
        return fence.build();
    }

    /** All events is said by {@code null}, or by leaving the condition's query out of the object: not by an empty list. */
    static Query query(JsonParser in, String at) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return Query.getDefaultInstance();
        }
        Query.Builder query = Query.newBuilder();
        JsonFields.object(in, at + ".", List.of("items"), (name, value) -> {
            list(value, at + ".items", item -> query.addItems(item(value, item)));
        });
        if (query.getItemsCount() == 0) {
            throw JsonFields.wrong(at + ".items", "is missing or empty: null in place of the query means all events");
        }
        return query.build();
    }

    static QueryItem item(JsonParser in, String at) throws IOException {
        QueryItem.Builder item = QueryItem.newBuilder();
        JsonFields.object(in, at + ".", List.of("types", "tags"), (name, value) -> {
            Consumer<String> add = name.equals("types") ? item::addTypes : item::addTags;
            list(value, at + "." + name, element -> add.accept(JsonFields.text(value, element)));
        });
        return item.build();
    }

    /** Reads an element of a list; the parser stands on it. */
    @FunctionalInterface
    interface Element {
        void read(String at) throws IOException;
    }

    static void list(JsonParser in, String at, Element element) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw JsonFields.wrong(at, "must be an array");
        }
        int number = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            element.read(at + "[" + number++ + "]");
        }
    }
}
