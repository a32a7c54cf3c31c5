package io.eckermann.client;

import io.eckermann.protocol.Conflict;
import java.util.OptionalLong;

/**
 * A condition that does not hold.
 *
 * @param topic of the append it belongs to; empty unless a step appends to several
 * @param condition which of the append's conditions, from 0
 * @param type its name, e.g. {@code key_version}
 * @param first position of the first event that speaks against it; 0 when there is none, or it is not known
 * @param last position of the last such event; 0 as first
 * @param actual what is there instead of what was expected: the head, the key's version, the fence's token
 */
public record ConditionConflict(String topic, int condition, String type, long first, long last, OptionalLong actual) {
    static ConditionConflict of(Conflict conflict) {
        return new ConditionConflict(
                conflict.topic(),
                conflict.condition(),
                conflict.type(),
                conflict.first(),
                conflict.last(),
                conflict.actual() < 0 ? OptionalLong.empty() : OptionalLong.of(conflict.actual()));
    }
}
