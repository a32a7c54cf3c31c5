package io.eckermann.client;

/**
 * Takes the events of a {@link Subscription}, one at a time and in order. It may block: the next event is asked for when
 * {@link #event} returned. An exception thrown here ends the subscription with it.
 */
@FunctionalInterface
public interface EventListener extends ReadListener {
    void event(RecordedEvent event);
}
