package io.eckermann.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A read that is pulled, for scripts and simple loops. Used by one thread at a time; close it from any.
 * {@link #hasNext} and {@link #next} block and throw {@link EckermannException} when the read fails. A following stream
 * has a next event until it is closed.
 */
public interface EventStream extends Iterator<RecordedEvent>, AutoCloseable {
    /**
     * The next event if it arrives in time. Empty when it does not, and at the end: {@link #ended} tells which.
     *
     * @throws EckermannException when the read fails
     */
    Optional<RecordedEvent> poll(Duration wait);

    /** Whether no event will follow. Not before a failure of the read was thrown: {@link #poll} or {@link #next} does. */
    boolean ended();

    /** The rest as a stream; closing it closes this. */
    Stream<RecordedEvent> stream();

    @Override
    void close();
}
