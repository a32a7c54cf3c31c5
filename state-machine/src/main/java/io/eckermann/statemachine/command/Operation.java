package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.TopicSettings;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One thing a caller wants done, valid in itself: what depends on the state is judged when it is applied. */
public sealed interface Operation {
    /** Roughly how many bytes it takes in a Raft entry. */
    default int sizeBytes() {
        return 256;
    }

    /**
     * Adds events to the end of a topic, all or none.
     *
     * @param count how many events the body holds, at least 1
     * @param crc32c of the body
     * @param producer null when the append carries no sequence
     * @param particulars what else apply must know of it
     */
    record Append(
            long topicId,
            int count,
            Encoding encoding,
            int crc32c,
            ByteString body,
            @Nullable ProducerSequence producer,
            Particulars particulars)
            implements Operation {
        /** One without particulars. */
        public Append(
                long topicId,
                int count,
                Encoding encoding,
                int crc32c,
                ByteString body,
                @Nullable ProducerSequence producer) {
            this(topicId, count, encoding, crc32c, body, producer, Particulars.NONE);
        }

        @Override
        public int sizeBytes() {
            return body.size()
                    + 64
                    + (producer == null ? 0 : 3 * producer.producer().length())
                    + particulars.sizeBytes();
        }
    }

    /**
     * A producer's own number for an append, from 1 and dense per topic and producer.
     */
    record ProducerSequence(String producer, long sequence) {}

    /** Creates a topic, or finds it with the same settings. Settings are complete: no field is left to a default. */
    record CreateTopic(String name, TopicSettings settings) implements Operation {
        @Override
        public int sizeBytes() {
            return 256 + settings.getSerializedSize();
        }
    }

    /** Deletes a topic with its events, cursors and producers. */
    record DeleteTopic(long topicId) implements Operation {}

    /**
     * Moves a cursor.
     *
     * @param expected when present, where the cursor must be now; 0 for a cursor that does not exist
     */
    record CommitCursor(long topicId, String consumer, long position, OptionalLong expected, boolean allowRewind)
            implements Operation {}

    /** Forgets a cursor. */
    record DeleteCursor(long topicId, String consumer) implements Operation {}
}
