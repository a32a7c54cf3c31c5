package io.eckermann.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.AppendOptions;
import io.eckermann.client.AppendResult;
import io.eckermann.client.CommitOptions;
import io.eckermann.client.Event;
import io.eckermann.client.Query;
import io.eckermann.client.Step;
import io.eckermann.client.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/** A step and its result as JSON, in the shape of the HTTP door's {@code POST /v1/append}. */
final class StepJson {
    private StepJson() {}

    /**
     * Reads a step.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Step.Builder read(String json) {
        Step.Builder step = Step.builder();
        JsonNode document;
        try {
            document = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
        fields("the step", document, List.of("appends", "cursors"));
        for (ObjectNode append : objects("appends", document)) {
            fields("an append", append, List.of("topic", "events", "conditions"));
            List<Event> events =
                    objects("events", append).stream().map(EventJson::read).toList();
            step.append(text("topic", append), events, conditions(append));
        }
        for (ObjectNode cursor : objects("cursors", document)) {
            fields("a cursor", cursor, List.of("consumer", "topic", "position", "expected", "allow_rewind"));
            OptionalLong expected =
                    cursor.has("expected") ? OptionalLong.of(number("expected", cursor)) : OptionalLong.empty();
            boolean rewind = cursor.path("allow_rewind").asBoolean(false);
            step.commit(
                    text("consumer", cursor),
                    text("topic", cursor),
                    number("position", cursor),
                    new CommitOptions(expected, rewind, false));
        }
        return step;
    }

    static ObjectNode write(StepResult result) {
        ObjectNode json = Json.object();
        ArrayNode appends = json.putArray("appends");
        for (Map.Entry<String, AppendResult> append : result.appends().entrySet()) {
            AppendResult done = append.getValue();
            appends.addObject()
                    .put("topic", append.getKey())
                    .put("first", done.first())
                    .put("last", done.last())
                    .put("head", done.head())
                    .put("recorded_time", Times.exact(done.recordedTime()))
                    .put("recorded_ns", Long.toString(done.recordedNs()));
        }
        json.putArray("cursors")
                .addAll(result.cursors().stream().map(CursorCommand::json).toList());
        return result.duplicate() ? json.put("duplicate", true) : json;
    }

    private static AppendOptions conditions(JsonNode append) {
        AppendOptions.Builder options = AppendOptions.builder();
        for (ObjectNode condition : objects("conditions", append)) {
            condition(condition, options);
        }
        return options.build();
    }

    private static void condition(ObjectNode condition, AppendOptions.Builder options) {
        fields(
                "a condition",
                condition,
                List.of(
                        "expected_head",
                        "topic_empty",
                        "key_version",
                        "key_absent",
                        "fail_if_events_match",
                        "after",
                        "fence"));
        checked("a condition", condition.size() == (condition.has("after") ? 2 : 1), "one of them for each object");
        String name = condition.fieldNames().next();
        switch (condition.has("fail_if_events_match") ? "fail_if_events_match" : name) {
            case "expected_head" -> options.expectedHead(number(name, condition));
            case "topic_empty" -> options.topicEmpty();
            case "key_version" -> {
                JsonNode version = condition.path(name);
                options.keyVersion(text("key", version), number("version", version));
            }
            case "key_absent" -> options.keyAbsent(text(name, condition));
            case "fence" -> {
                JsonNode fence = condition.path(name);
                options.fence(text("name", fence), number("token", fence));
            }
            case "fail_if_events_match" -> {
                long after = condition.has("after") ? number("after", condition) : 0;
                options.failIfEventsMatch(query(condition.path("fail_if_events_match")), after);
            }
            default -> throw new IllegalArgumentException("after belongs to fail_if_events_match");
        }
    }

    private static Query query(JsonNode query) {
        Query all = Query.ALL;
        for (ObjectNode item : objects("items", query)) {
            fields("an item", item, List.of("types", "tags"));
            Query one = Query.types(texts("types", item)).tags(texts("tags", item));
            all = all == Query.ALL ? one : all.or(one);
        }
        return all;
    }

    private static String[] texts(String field, JsonNode of) {
        JsonNode array = of.path(field);
        checked(field, array.isMissingNode() || array.isArray(), "an array of strings");
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toArray(String[]::new);
    }

    private static List<ObjectNode> objects(String field, JsonNode of) {
        JsonNode array = of.path(field);
        checked(field, array.isMissingNode() || array.isArray(), "an array of objects");
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode each : array) {
            if (!(each instanceof ObjectNode object)) {
                throw new IllegalArgumentException(field + " is not an array of objects");
            }
            objects.add(object);
        }
        return objects;
    }

    private static String text(String field, JsonNode of) {
        checked(field, of.path(field).isTextual(), "text");
        return of.path(field).textValue();
    }

    private static long number(String field, JsonNode of) {
        JsonNode number = of.path(field);
        checked(field, number.isIntegralNumber() && number.canConvertToLong(), "a whole number of 64 bits");
        return number.longValue();
    }

    private static void fields(String what, JsonNode object, List<String> known) {
        checked(what, object.isObject(), "a JSON object");
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        what + " has no field " + name + ": it has " + String.join(", ", known));
            }
        });
    }

    private static void checked(String name, boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is not " + what);
        }
    }
}
