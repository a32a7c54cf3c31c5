package io.eckermann.client.cli;

import io.eckermann.client.ConditionConflict;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import java.util.List;
import java.util.stream.Collectors;

/** An append that was refused by its conditions: says which do not hold and what speaks against each. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Refusal(String line, EckermannException.ConditionFailed refused) {
        super(line, refused);
    }

    /**
     * Looks up of which types the events are that speak against the conditions.
     *
     * @param said how the user said each condition, in their order
     */
    static Refusal of(EckermannException.ConditionFailed refused, List<String> said, EventStore store, String topic) {
        String conflicts = refused.conflicts().stream()
                .map(conflict ->
                        name(conflict, said) + " does not hold" + because(conflict) + against(conflict, store, topic))
                .collect(Collectors.joining("; "));
        return new Refusal(
                "Nothing was appended: " + conflicts + ". The head of " + topic + " is " + refused.head() + ".",
                refused);
    }

    /** Of a step, whose conditions are of several topics. */
    static Refusal of(EckermannException.ConditionFailed refused, EventStore store) {
        String conflicts = refused.conflicts().stream()
                .map(conflict -> name(conflict, List.of()) + " of " + conflict.topic() + " does not hold"
                        + because(conflict) + against(conflict, store, conflict.topic()))
                .collect(Collectors.joining("; "));
        return new Refusal("Nothing was done: " + conflicts + ".", refused);
    }

    /** The failure as one line. */
    Failure failure() {
        return new Failure(ExitCode.CONFLICT, String.valueOf(getMessage()));
    }

    private static String name(ConditionConflict conflict, List<String> said) {
        return conflict.condition() < said.size()
                ? said.get(conflict.condition())
                : "condition " + conflict.condition() + " (" + conflict.type() + ")";
    }

    /** What is there instead of what was expected. */
    private static String because(ConditionConflict conflict) {
        if (conflict.actual().isEmpty()) {
            return "";
        }
        long actual = conflict.actual().getAsLong();
        return switch (conflict.type()) {
            case "expected_head", "topic_empty" -> ", the head is " + actual;
            case "key_version", "key_absent" -> ", the key's version is " + actual;
            case "fence" -> ", the token is " + actual;
            default -> ", it is " + actual;
        };
    }

    private static String against(ConditionConflict conflict, EventStore store, String topic) {
        long first = conflict.first();
        long last = conflict.last();
        if (first == 0) {
            return "";
        }
        return first == last
                ? " because of event " + first + type(store, topic, first)
                : " because of events from " + first + type(store, topic, first) + " to " + last
                        + type(store, topic, last);
    }

    /** Not worth failing for: the refusal is what the user must see. */
    private static String type(EventStore store, String topic, long position) {
        ReadOptions one =
                ReadOptions.builder().from(position).to(position).limit(1).build();
        try (EventStream events = store.open(topic, one)) {
            String type = events.hasNext() ? events.next().event().type() : "";
            return type.isEmpty() ? "" : " (" + type + ")";
        } catch (EckermannException e) {
            return "";
        }
    }
}
