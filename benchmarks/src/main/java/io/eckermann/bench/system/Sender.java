package io.eckermann.bench.system;

/** Sends events to one topic. */
public interface Sender extends AutoCloseable {
    /**
     * Sends one event; may block while the client's own buffer is full. The payload must not be changed afterwards.
     *
     * @param acknowledgement called once, on any thread
     */
    void send(byte[] payload, Acknowledgement acknowledgement);

    @Override
    void close();
}
