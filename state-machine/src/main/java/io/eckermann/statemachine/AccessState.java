package io.eckermann.statemachine;

import io.eckermann.protocol.v1.Rules;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import java.util.List;

/**
 * All that is said about who may do what, at one moment.
 *
 * @param keys by their ids; none has the secret
 * @param rules by their subjects
 */
public record AccessState(List<AccessKeyRow> keys, List<Rules> rules) {
    public static final AccessState NONE = new AccessState(List.of(), List.of());
}
