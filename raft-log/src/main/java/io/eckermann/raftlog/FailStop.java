package io.eckermann.raftlog;

import org.jspecify.annotations.Nullable;

/** Ends the process when going on could lose an acknowledged event or let replicas differ. */
public interface FailStop {
    /**
     * Does not return in a real node. In tests, where it does, the caller must not go on as if nothing had happened.
     *
     * @param reason one sentence for the operator: what happened and what to do
     */
    void stop(String reason, @Nullable Throwable cause);
}
