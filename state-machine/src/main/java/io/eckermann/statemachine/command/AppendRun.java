package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one topic, lying side by side: each is accepted or refused by itself.
 *
 * @param encoding of each part's body; of a run that is compressed as one, of the whole
 * @param body the parts' bodies in their order, nothing between them; or what compressing that came to
 * @param wholeCrc32c when the run is compressed as one: the CRC-32C of body. The parts then say what they were before
 */
public record AppendRun(
        long topicId,
        Encoding encoding,
        List<Part> parts,
        ByteString body,
        @Nullable Integer wholeCrc32c) implements Step {
    /** A run whose parts are encoded each by itself. */
    public AppendRun(long topicId, Encoding encoding, List<Part> parts, ByteString body) {
        this(topicId, encoding, parts, body, null);
    }

    /** Whether chunks of more than one part can be made of it by cutting the body at the parts' ends. */
    public boolean isPlain() {
        return encoding == Encoding.PLAIN;
    }

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
     * @param particulars what else is to be known of it
     */
    public record Part(
            int count, int length, int crc32c, Operation.@Nullable ProducerSequence producer, Particulars particulars) {
        /** One without particulars. */
        public Part(int count, int length, int crc32c, Operation.@Nullable ProducerSequence producer) {
            this(count, length, crc32c, producer, Particulars.NONE);
        }
    }
}
