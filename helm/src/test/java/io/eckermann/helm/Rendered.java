package io.eckermann.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Objects as the chart makes them.
 *
 * @param text all of them, as YAML
 */
public record Rendered(String text, List<JsonNode> objects) {
    /** Reads the documents of one YAML text; empty ones are left out. */
    public static Rendered of(String text) {
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = Repository.YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNextValue()) {
                JsonNode object = documents.nextValue();
                if (object.isObject() && !object.isEmpty()) {
                    objects.add(object);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Rendered(text, List.copyOf(objects));
    }

    /** All of a kind, in the order of the text. */
    public List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The only one of its kind. */
    public JsonNode only(String kind) {
        List<JsonNode> all = all(kind);
        if (all.size() != 1) {
            throw new AssertionError("Not one " + kind + ", but " + all.size());
        }
        return all.get(0);
    }

    public JsonNode named(String kind, String name) {
        return all(kind).stream()
                .filter(object -> name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + kind + " " + name));
    }

    public static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    public JsonNode statefulSet() {
        return only("StatefulSet");
    }

    /** How many nodes. */
    public int replicas() {
        return statefulSet().path("spec").path("replicas").asInt();
    }

    /** Of a node. */
    public JsonNode podTemplate() {
        return statefulSet().path("spec").path("template");
    }

    /** Of a node. */
    public JsonNode container() {
        return podTemplate().path("spec").path("containers").path(0);
    }

    /** The elements of a list; none when there is no list. */
    public static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
