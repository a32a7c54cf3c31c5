package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one topic, lying side by side: each is accepted or refused by itself.
 *
 * @param body the parts' bodies in their order, nothing between them
 */
public record AppendRun(long topicId, Encoding encoding, List<Part> parts, ByteString body) implements Step {
    @Override
    public int results() {
        return parts.size();
    }

    /**
     * One append.
     *
     * @param count how many events it holds, at least 1
     * @param length of its body in bytes
     * @param crc32c of its body
     * @param producer null when it carries no sequence
     */
    public record Part(int count, int length, int crc32c, Operation.@Nullable ProducerSequence producer) {}
}
