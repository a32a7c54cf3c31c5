package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.util.List;

/** Reads objects field by field and refuses what does not belong there, naming the field. */
final class JsonFields {
    private JsonFields() {}

    /** Takes one field; the parser stands on its value. */
    @FunctionalInterface
    interface Field {
        void read(String name, JsonParser in) throws IOException;
    }

    /**
     * Reads the object the parser stands on.
     *
     * @param at where it is, as a prefix of its fields' names: {@code ""} or {@code "events[3]."}
     */
    static void object(JsonParser in, String at, List<String> known, Field field) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(at.isEmpty() ? "body" : at.substring(0, at.length() - 1), "must be a JSON object");
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (!known.contains(name)) {
                throw new StoreException(
                                ErrorCode.BAD_REQUEST,
                                "There is no field '" + shortened(at + name) + "'" + Nearest.hint(name, known))
                        .with("field", shortened(at + name));
            }
            in.nextToken();
            field.read(name, in);
        }
    }

    static String text(JsonParser in, String field) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong(field, "must be a string (leave the field out when there is none)");
        }
        String text = in.getText();
        if (!JsonText.isWellFormed(text)) {
            throw wrong(field, "holds half a surrogate pair, which is no character");
        }
        return text;
    }

    static long number(JsonParser in, String field, long min, long max) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && in.getLongValue() >= min
                && in.getLongValue() <= max) {
            return in.getLongValue();
        }
        throw wrong(
                field,
                max == Long.MAX_VALUE
                        ? "must be a whole number of at least " + min
                        : "must be a whole number from " + min + " to " + max);
    }

    static boolean flag(JsonParser in, String field) {
        if (!in.currentToken().isBoolean()) {
            throw wrong(field, "must be true or false");
        }
        return in.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** The number of the word's place among those that are possible. */
    static int choice(JsonParser in, String field, List<String> words) throws IOException {
        int at = words.indexOf(text(in, field));
        if (at < 0) {
            throw wrong(field, "must be one of: " + String.join(", ", words));
        }
        return at;
    }

    static StoreException wrong(String field, String rule) {
        return new StoreException(ErrorCode.BAD_REQUEST, "'" + field + "' " + rule + ".").with("field", field);
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
