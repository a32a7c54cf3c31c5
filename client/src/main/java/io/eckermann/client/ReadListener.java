package io.eckermann.client;

import java.time.Duration;

/**
 * Hears what happens to a read beside its events. Called in order with the events, on the thread that delivers them,
 * which is the caller's own for a read that is pulled; must not block. An exception thrown here ends the read with it.
 */
public interface ReadListener {
    /** Hears nothing. */
    ReadListener NONE = new ReadListener() {};

    /**
     * Reading began; called once, before the first event.
     *
     * @param position of the first event; when following it may not exist yet
     * @param snapped the start asked for does not exist, {@code position} is the nearest that does
     */
    default void started(long position, long head, boolean snapped) {}

    /**
     * How many events the key has had when reading began, removed ones included: what a condition on its version wants.
     * Called once, right behind {@link #started}, when events of a key are read.
     */
    default void keyVersion(long version) {}

    /**
     * Every event up to {@code head} was delivered. A following read calls it after the past, and again after a
     * reconnection; any other at its end.
     *
     * @param next where a next forward read should start (inclusive)
     * @param complete false when a limit ended the read before the head
     */
    default void caughtUp(long head, long next, boolean complete) {}

    /**
     * A following read is slower than what is appended: for {@code stalled} it took nothing although more was there.
     * Called in order with the events, so when those before it were taken.
     *
     * @param behind how many events had come that were not sent yet
     */
    default void slow(Duration stalled, long behind) {}

    /** The connection was lost and the read goes on elsewhere, without gap or duplicate. Not in order with the events, and
     * on a client thread. */
    default void reconnecting(EckermannException cause) {}
}
