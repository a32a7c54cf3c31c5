package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.Outcome;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Result;

/** What a client hears of its call. */
sealed interface Answer {
    /** It was applied: accepted, or refused for what the state holds. */
    record Applied(Result result) implements Answer {}

    /** Nothing was changed, and nothing will be. */
    record NotDone() implements Answer {}

    /** It may have been done, or may still be. */
    record Unknown() implements Answer {}

    /** A failed call's, by what its error says of its outcome. */
    static Answer of(Throwable failure) {
        if (failure instanceof StoreException store && store.code().outcome() == Outcome.NOT_DONE) {
            return new NotDone();
        }
        if (failure instanceof StoreException store && store.code().retryable()) {
            return new Unknown();
        }
        throw new AssertionError("a call ended with what is no outcome", failure);
    }
}
