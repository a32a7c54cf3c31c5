package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.Encoding;

/**
 * What an append to several topics has for one of them.
 *
 * @param part without a producer, and without an idempotency key: that is the whole's
 */
public record TopicAppend(long topicId, Encoding encoding, AppendRun.Part part) {
    private static final int OVERHEAD_BYTES = 64;

    /** Roughly how many bytes it takes in a Raft entry, its body aside. */
    int sizeBytes() {
        return OVERHEAD_BYTES + part.particulars().sizeBytes();
    }
}
