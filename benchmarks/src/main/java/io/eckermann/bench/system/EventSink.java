package io.eckermann.bench.system;

import java.nio.ByteBuffer;

/** Takes what a reader gets; called by one thread at a time. */
@FunctionalInterface
public interface EventSink {
    /**
     * Takes one or more events.
     *
     * @param events how many these are
     * @param payload of the event when it is one decoded event, else bytes as they came; valid during the call
     */
    void accept(int events, ByteBuffer payload);
}
