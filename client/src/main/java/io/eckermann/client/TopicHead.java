package io.eckermann.client;

/**
 * Where a topic begins and ends.
 *
 * @param head position of the last event, 0 when empty
 * @param first position of the first event still kept
 * @param lastRecordedNs when the last event was recorded, 0 when empty
 */
public record TopicHead(long head, long first, long lastRecordedNs) {}
