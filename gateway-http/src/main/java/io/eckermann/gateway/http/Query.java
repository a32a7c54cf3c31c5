package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.Nearest;
import io.eckermann.gateway.http.json.Times;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongBiFunction;
import java.util.regex.Pattern;

/** The parameters after the question mark; each at most once, but for types and tags. Errors are BAD_REQUEST and name the field. */
final class Query {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    /** In a query a plus sign means a space, and before an offset it can only have been a plus sign. */
    private static final Pattern LOST_PLUS = Pattern.compile("(?<=:[^ ]{1,20}) ([0-9]{2}:?[0-9]{2})$");

    private static final List<String> REPEATABLE = List.of("type", "tag");

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    static Query parse(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = Percent.decode("query", equals < 0 ? part : part.substring(0, equals), true);
            String value = equals < 0 ? "" : Percent.decode(name, part.substring(equals + 1), true);
            List<String> given = values.computeIfAbsent(name, first -> new ArrayList<>(1));
            if (!given.isEmpty() && !REPEATABLE.contains(name)) {
                throw HttpErrors.bad(name, "is given more than once");
            }
            given.add(value);
        }
        return new Query(values);
    }

    /** Refuses all parameters but these. */
    Query only(List<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                String shown = name.length() <= 80 ? name : name.substring(0, 80) + "…";
                throw new StoreException(
                                ErrorCode.BAD_REQUEST,
                                known.isEmpty()
                                        ? "There is no parameter '" + shown + "' here; this route takes none."
                                        : "There is no parameter '" + shown + "' here" + Nearest.hint(name, known))
                        .with("field", shown);
            }
        }
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Empty when it is not given; a value that is given has at least one character. */
    Optional<String> text(String name) {
        return texts(name).stream().findFirst();
    }

    /** All values of one that may be given more than once. */
    List<String> texts(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.contains("")) {
            throw HttpErrors.bad(name, "has no value");
        }
        return given;
    }

    OptionalLong number(String name, long min, long max) {
        Optional<String> text = text(name);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(name, text.get(), min, max));
    }

    /** When something was recorded, in nanoseconds. */
    OptionalLong time(String name) {
        return time(name, Times::moment);
    }

    /** When something happened, in nanoseconds; perhaps before 1970. */
    OptionalLong eventTime(String name) {
        return time(name, Times::eventMoment);
    }

    private OptionalLong time(String name, ToLongBiFunction<String, String> read) {
        Optional<String> text = text(name);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        read.applyAsLong(name, LOST_PLUS.matcher(text.get()).replaceFirst("+$1")));
    }

    boolean flag(String name, boolean otherwise) {
        return choice(name, Map.of("true", true, "false", false), otherwise);
    }

    Consistency consistency() {
        return choice(
                "consistency",
                Map.of("linearizable", Consistency.LINEARIZABLE, "local", Consistency.LOCAL),
                Consistency.LINEARIZABLE);
    }

    <T> T choice(String name, Map<String, T> choices, T otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        T chosen = choices.get(text.get());
        if (chosen == null) {
            throw HttpErrors.bad(
                    name,
                    "must be one of: "
                            + String.join(
                                    ", ", choices.keySet().stream().sorted().toList()));
        }
        return chosen;
    }

    /** A whole number in its bounds. */
    static long number(String name, String text, long min, long max) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            try {
                long value = Long.parseLong(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException beyondLong) {
                // Told below, like any other number out of bounds.
            }
        }
        throw HttpErrors.bad(
                name,
                max == Long.MAX_VALUE
                        ? "must be a whole number of at least " + min
                        : "must be a whole number from " + min + " to " + max);
    }
}
