package io.eckermann.gateway.append;

import io.eckermann.gateway.QueryRules;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Condition;
import java.util.List;

/** What conditions must be, as far as that can be said without the topic's content. Whether they hold is for apply. */
final class ConditionRules {
    private ConditionRules() {}

    static void check(List<Condition> conditions) {
        if (conditions.size() > Limits.CONDITIONS_MAX) {
            throw bad("conditions", "An append has at most " + Limits.CONDITIONS_MAX + " conditions.");
        }
        QueryRules queries = new QueryRules();
        for (int i = 0; i < conditions.size(); i++) {
            check("conditions[" + i + "]", conditions.get(i), queries);
        }
    }

    private static void check(String at, Condition condition, QueryRules queries) {
        switch (condition.getKindCase()) {
            case EXPECTED_HEAD -> notNegative(at + ".expected_head", condition.getExpectedHead());
            case TOPIC_EMPTY -> {
                if (!condition.getTopicEmpty()) {
                    throw bad(at + ".topic_empty", "This condition is true, or left out.");
                }
            }
            case KEY_VERSION -> {
                key(at + ".key_version.key", condition.getKeyVersion().getKey());
                notNegative(
                        at + ".key_version.version", condition.getKeyVersion().getVersion());
            }
            case KEY_ABSENT -> key(at + ".key_absent", condition.getKeyAbsent());
            case FAIL_IF_EVENTS_MATCH -> {
                notNegative(at + ".after", condition.getFailIfEventsMatch().getAfter());
                queries.check(
                        at + ".fail_if_events_match",
                        condition.getFailIfEventsMatch().getQuery());
            }
            case FENCE -> {
                Names.fence(condition.getFence().getName());
                notNegative(at + ".fence.token", condition.getFence().getToken());
            }
            case KIND_NOT_SET ->
                throw bad(
                        at,
                        "A condition is one of expected_head, topic_empty, key_version, key_absent,"
                                + " fail_if_events_match and fence.");
        }
    }

    private static void key(String field, String key) {
        if (key.isEmpty()) {
            throw bad(field, "A key is not empty.");
        }
        if (key.length() > Limits.EVENT_ATTRIBUTES_BYTES_MAX) {
            throw bad(field, "No event has so long a key.");
        }
    }

    private static void notNegative(String field, long value) {
        if (value < 0) {
            throw bad(field, "This must not be negative.").with("value", value);
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
