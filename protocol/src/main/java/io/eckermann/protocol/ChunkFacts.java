package io.eckermann.protocol;

import io.eckermann.protocol.v1.Event;
import java.util.List;

/**
 * What a look at a chunk's body found, without making its events. Events are numbered from 1.
 *
 * @param count how many events it holds
 * @param plainBytes how many bytes they take, before compression
 * @param largestPayload bytes of the largest payload
 * @param largestEvent the number of the first event that has it
 * @param suspects in their order, all events whose attributes may be too large, or whose tags may be empty or come twice;
 *     others may be among them
 */
public record ChunkFacts(
        int count, int plainBytes, int largestPayload, int largestEvent, List<ChunkFacts.Suspect> suspects) {
    /** An event to be judged by itself. */
    public record Suspect(int number, Event event) {}
}
