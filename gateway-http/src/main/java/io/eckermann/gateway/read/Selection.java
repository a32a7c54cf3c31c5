package io.eckermann.gateway.read;

import io.eckermann.gateway.cel.EventFilter;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.query.Filter;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which events a read wants.
 *
 * @param terms what the index finds; null when it is not asked
 * @param expression what the events must be beside that; null when there is no expression
 */
record Selection(@Nullable Filter terms, @Nullable Predicate<RecordedEvent> expression) {
    /** What the request says; compiles its expression, which may take long. */
    static Selection of(ReadRequest request) {
        return new Selection(
                ReadRules.filter(request),
                request.getFilter().isEmpty() ? null : EventFilter.compile(request.getFilter()));
    }

    boolean isAll() {
        return terms == null && expression == null;
    }

    /**
     * The next events that are wanted, or, with an expression, as many as were found in a short while.
     *
     * @param to the last position to look at
     */
    Matches find(ReadView view, long topicId, Direction direction, long from, long to) {
        boolean forward = direction == Direction.FORWARD;
        Matches found;
        if (terms == null) {
            found = forward
                    ? Matches.allForward(view, topicId, from, to)
                    : Matches.allBackward(view, topicId, from, to);
        } else {
            found = forward
                    ? Matches.forward(view, topicId, terms, from, to)
                    : Matches.backward(view, topicId, terms, from, to);
        }
        return expression == null ? found : found.only(expression);
    }
}
