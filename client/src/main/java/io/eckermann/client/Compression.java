package io.eckermann.client;

import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.v1.Encoding;

/**
 * Whether a client compresses what it appends. Batches that are small, or do not shrink by an eighth, are sent as they
 * are; a topic whose batches do not shrink is tried ever more seldom. Readers decompress whatever they meet.
 */
public enum Compression {
    /** With what serves most: Zstandard today, or nothing where its machine code cannot be loaded. */
    AUTO(AdaptiveCompression.USUAL),
    /** Never. The cluster may still compress appends together before it stores them. */
    NONE(Encoding.PLAIN),
    /** With LZ4: half the processor time of Zstandard, twice the bytes. */
    LZ4(Encoding.LZ4),
    /** With Zstandard, level 1. */
    ZSTD(Encoding.ZSTD);

    private final Encoding encoding;

    Compression(Encoding encoding) {
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }
}
