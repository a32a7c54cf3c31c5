package io.eckermann.gateway.node;

import java.util.Locale;
import java.util.function.Function;

/**
 * One key of the configuration.
 *
 * @param key dashed and dotted, such as {@code node.data-directory}
 * @param type its kind of value, in words for the documentation
 * @param defaultText as it would be written in the file
 * @param parse from text; throws IllegalArgumentException saying what the value should look like
 * @param description one or two sentences for the documentation
 */
record Setting<T>(String key, String type, String defaultText, Function<String, T> parse, String description) {
    static final String ENVIRONMENT_PREFIX = "ECKERMANN_";

    /** The environment variable that sets this key. */
    String environmentName() {
        return ENVIRONMENT_PREFIX + key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }
}
