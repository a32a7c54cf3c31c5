package io.eckermann.protocol;

import io.eckermann.protocol.v1.Event;

/**
 * What a look at a chunk's body found, without making its events. Events are numbered from 1.
 *
 * @param count how many events it holds
 * @param plainBytes how many bytes they take, before compression
 * @param largestPayload bytes of the largest payload
 * @param largestEvent the number of the first event that has it
 */
public record ChunkFacts(int count, int plainBytes, int largestPayload, int largestEvent) {
    /** Judges events by themselves. */
    @FunctionalInterface
    public interface Judge {
        /** Throws when the event is not as it must be. */
        void judge(int number, Event event);
    }
}
