package io.eckermann.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A condition of an append that does not hold. Travels as one fact of {@link ErrorCode#CONDITION_FAILED}, together with
 * all others, beside the fact {@code head}.
 *
 * @param topic of the append that the condition belongs to; empty unless one append is to several topics
 * @param condition which of the append's conditions, from 0
 * @param type the condition's name, e.g. {@code key_version}
 * @param first position of the first event that speaks against it; 0 when it is not an event, or not known
 * @param last position of the last one; 0 as first
 * @param actual what is in place of what was expected: the head, the key's version, the fence's token; -1 when the
 *     condition expects none
 */
public record Conflict(String topic, int condition, String type, long first, long last, long actual) {
    /** The name of the fact. */
    public static final String FACT = "conflicts";

    private static final int PARTS = 5;
    private static final int PARTS_WITH_TOPIC = PARTS + 1;

    /** Of an append to one topic. */
    public Conflict(int condition, String type, long first, long last, long actual) {
        this("", condition, type, first, last, actual);
    }

    /** All of them as the value of the fact. */
    public static String text(List<Conflict> conflicts) {
        return conflicts.stream()
                .map(conflict -> conflict.condition + " " + conflict.type + " " + conflict.first + " " + conflict.last
                        + " " + conflict.actual + (conflict.topic.isEmpty() ? "" : " " + conflict.topic))
                .collect(Collectors.joining("; "));
    }

    /**
     * What {@link #text} made.
     *
     * @throws IllegalArgumentException when it did not
     */
    public static List<Conflict> parse(String text) {
        return Arrays.stream(text.split("; ", -1)).map(Conflict::one).toList();
    }

    private static Conflict one(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != PARTS && parts.length != PARTS_WITH_TOPIC) {
            throw new IllegalArgumentException("not a conflict: " + text);
        }
        return new Conflict(
                parts.length == PARTS ? "" : parts[PARTS],
                Integer.parseInt(parts[0]),
                parts[1],
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]));
    }
}
