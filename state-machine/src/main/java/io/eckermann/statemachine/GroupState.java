package io.eckermann.statemachine;

import io.eckermann.statemachine.store.v1.GroupRow;
import io.eckermann.statemachine.store.v1.GroupStateRow;

/**
 * A group at one moment.
 *
 * @param id never used again
 */
public record GroupState(long topicId, long id, GroupRow row, GroupStateRow state) {
    public String name() {
        return row.getName();
    }

    /** Events that were looked at and are neither acked nor parked. */
    public int open() {
        return state.getLeased() + waiting();
    }

    /** Events that are to be leased again, or wait for an earlier one of their key. */
    public int waiting() {
        return state.getReady() + state.getDelayed() + state.getWaiting();
    }
}
