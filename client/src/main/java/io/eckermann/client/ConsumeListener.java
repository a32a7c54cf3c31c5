package io.eckermann.client;

/**
 * Takes the events of {@link EventStore#consume}, one at a time and in order, on a client thread. It may block.
 */
@FunctionalInterface
public interface ConsumeListener {
    /**
     * Does what there is to be done about an event. When it returns the event is committed, and then the next one comes.
     * An exception ends the subscription, and nothing is committed.
     */
    void event(RecordedEvent event);

    /** The cursor is here now, on a majority's disks: this event and all before will not come again. */
    default void committed(long position) {}

    /** Another instance had moved the cursor to here: the event handed over last was not committed by this one. */
    default void taken(long position) {}

    /** The commit of an event failed, or its outcome is unknown. Events go on; the next commit covers it. */
    default void notCommitted(long position, EckermannException why) {}

    /** Every event up to {@code head} was handed over. */
    default void caughtUp(long head) {}

    /** The connection was lost, and it goes on elsewhere behind the cursor. */
    default void reconnecting(EckermannException cause) {}
}
