package io.eckermann.bench.system;

/** One client of a running system, with its own connection. Its senders may be used by several threads. */
public interface Connection extends AutoCloseable {
    Sender sender(String topic) throws Exception;

    /**
     * Sends events that are about a course and a student each, and say so in tags.
     *
     * @param seed of whom they are about
     * @throws UnsupportedOperationException where events have no tags
     */
    default Sender bookings(String topic, Guard guard, long seed) {
        throw new UnsupportedOperationException("Events have no tags here.");
    }

    /** Follows a topic from its first event on, until closed. */
    Following tail(String topic, EventSink sink) throws Exception;

    /** Reads a topic from its first event until so many were read; returns then. */
    void read(String topic, ReadForm form, long events, EventSink sink) throws Exception;

    /** Whether {@link #read} knows this form. */
    boolean reads(ReadForm form);

    @Override
    void close();
}
