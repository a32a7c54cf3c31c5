package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import io.eckermann.protocol.v1.TopicSettings.Validate;
import java.io.IOException;

/** Whether a topic validates. */
final class ValidateJson {
    private ValidateJson() {}

    static Validate read(JsonParser in) throws IOException {
        return switch (JsonFields.text(in, "validate")) {
            case "off" -> Validate.OFF;
            case "on-append" -> Validate.ON_APPEND;
            case "strict" -> Validate.STRICT;
            default -> throw JsonFields.wrong("validate", "must be one of: off, on-append, strict");
        };
    }

    static String text(Validate validate) {
        return validate == Validate.STRICT ? "strict" : validate == Validate.ON_APPEND ? "on-append" : "off";
    }
}
