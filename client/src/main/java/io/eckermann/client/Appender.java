package io.eckermann.client;

import java.util.concurrent.CompletableFuture;

/**
 * Appends single events to one topic, quickly and in order. When nothing is under way an event is sent at once; while
 * appends are under way events gather and leave together, so no delay is ever added. Up to the configured number of
 * appends are in flight. Events of one thread are recorded in the order of its calls; each is recorded once, retries
 * included.
 *
 * <p><b>When the buffer is full</b> {@link #append} blocks until there is room, at most the configured
 * {@link EventStoreBuilder#bufferWait}; then the future fails with OVERLOADED, and the event was not sent. With a wait of
 * zero it never blocks.
 *
 * <p><b>When an append fails</b> the ones after it go on. A refused event ({@code outcomeUnknown() == false}) left no
 * trace; events that were in the same batch fail with it. When the request timeout passes and the outcome is unknown, the
 * event may or may not be recorded, now or later; those sent behind it keep their own deadlines. When these pass too, the
 * topic goes on under a fresh producer id, so a retry by the caller may duplicate what was unknown, and what was unknown
 * may be recorded behind what came after it.
 *
 * <p>Any thread may use it. Futures complete in order on a client thread, one after the other for a topic: what hangs on
 * one must not wait for another of the topic, nor for {@link #flush}; let it go on elsewhere ({@code …Async}). A caller
 * may cancel a future, or complete it in any way: nobody else notices, and the event goes its way all the same.
 */
public interface Appender extends AutoCloseable {
    String topic();

    /** Appends one event; the future holds its position. Failures come by the future, always. */
    CompletableFuture<Long> append(Event event);

    /** Completes when every event appended so far has been acknowledged or has failed. Never fails. */
    CompletableFuture<Void> flush();

    /**
     * Refuses further events and waits until those taken are acknowledged or have failed.
     *
     * @throws IllegalStateException when called by what hangs on a future of the same topic, which would wait for itself
     */
    @Override
    void close();
}
