package io.eckermann.client;

/**
 * What a topic knows of one key.
 *
 * @param version how many events of the key there have been, removed ones included
 * @param last position of the last of them, 0 when there is none, or it was truncated
 * @param head the topic's head at the same moment
 */
public record KeyInfo(long version, long last, long head) {}
