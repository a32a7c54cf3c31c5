package io.eckermann.client;

/**
 * What a topic knows of one key.
 *
 * @param version how many events of the key there have been
 * @param last position of the last of them, 0 when there is none
 * @param head the topic's head at the same moment
 */
public record KeyInfo(long version, long last, long head) {}
