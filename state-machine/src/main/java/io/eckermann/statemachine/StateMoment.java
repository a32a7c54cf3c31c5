package io.eckermann.statemachine;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The state as it is right after one entry, whatever is applied later, until this is closed: that must be soon, since old rows
 * stay alive meanwhile, and whoever puts another state in place, or closes this one, waits for it. One thread at a time;
 * {@link #end} comes on any.
 */
public final class StateMoment implements AutoCloseable {
    private final RaftIndex at;
    private final LiveStore.Held held;
    private final Moments moments;
    private volatile boolean ended;

    StateMoment(RaftIndex at, LiveStore.Held held, Moments moments) {
        this.at = at;
        this.held = held;
        this.moments = moments;
    }

    /** The entry. */
    public RaftIndex at() {
        return at;
    }

    /**
     * SHA-256 over the logical content, as {@link StateMachine#digest}. Reads everything.
     *
     * @param goOn told now and then how many bytes were read since, and may take its time; false ends this
     * @return null when it was ended, by that or because the state machine needs it closed
     * @throws io.eckermann.protocol.StoreException DATA_CORRUPT or INTERNAL when rows can't be read
     */
    public @Nullable String digest(LongPredicate goOn) {
        return ended ? null : new StateDigest().of(held.rows(), bytes -> goOn.test(bytes) && !ended);
    }

    /** Has the digest end soon. */
    void end() {
        ended = true;
    }

    /** Once. */
    @Override
    public void close() {
        moments.forget(this);
        held.close();
    }
}
