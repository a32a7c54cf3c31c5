package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.WebhookChange;
import java.util.List;
import java.util.OptionalInt;
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

        /** The same of a producer. */
        public Append by(ProducerSequence sequence) {
            return new Append(topicId, count, encoding, crc32c, body, sequence, particulars);
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
     * Appends to several topics and moves cursors, all or none.
     *
     * @param appends each topic once
     * @param cursors each once; judged by their topics' heads before the appends
     * @param body the appends' bodies in their order, nothing between them
     * @param request null when it carries no idempotency key
     */
    record AppendMany(
            List<TopicAppend> appends,
            List<CommitCursor> cursors,
            ByteString body,
            Particulars.@Nullable Request request)
            implements Operation {
        @Override
        public int sizeBytes() {
            return body.size()
                    + 64
                    + appends.stream().mapToInt(TopicAppend::sizeBytes).sum()
                    + cursors.stream().mapToInt(Operation::sizeBytes).sum()
                    + Particulars.of(List.of(), List.of(), request).sizeBytes();
        }
    }

    /**
     * A producer's own number for an append, from 1 and dense per topic and producer.
     *
     * @param refusalsCount whether the append takes its number, too, when it is refused for what the topic holds
     */
    record ProducerSequence(String producer, long sequence, boolean refusalsCount) {
        /** One that only an accepted append takes. */
        public ProducerSequence(String producer, long sequence) {
            this(producer, sequence, false);
        }
    }

    /**
     * Creates a topic, or finds it with the same settings. Settings are complete: no field is left to a default.
     *
     * @param shard the one whose log this is for, from 0
     */
    record CreateTopic(String name, TopicSettings settings, int shard) implements Operation {
        /** One for the first shard. */
        public CreateTopic(String name, TopicSettings settings) {
            this(name, settings, 0);
        }

        @Override
        public int sizeBytes() {
            return 256 + settings.getSerializedSize();
        }
    }

    /**
     * For the first shard's log: says which shard has the topics of this name, unless that was said before.
     *
     * @param shard empty for the one in which the fewest names were placed
     * @param shards how many there are
     */
    record PlaceTopic(String name, OptionalInt shard, int shards) implements Operation {}

    /** Changes nothing: has each replica work out what its state comes to right after this entry. */
    record MarkState() implements Operation {}

    /** Deletes a topic with its events, cursors and producers. */
    record DeleteTopic(long topicId) implements Operation {}

    /** Lets commands need this format from now on: all members know it. A lower one than was agreed on changes nothing. */
    record RaiseFormat(int format) implements Operation {}

    /**
     * Moves a cursor.
     *
     * @param expected when present, where the cursor must be now; 0 for a cursor that does not exist
     */
    record CommitCursor(long topicId, String consumer, long position, OptionalLong expected, boolean allowRewind)
            implements Operation {}

    /**
     * Changes settings of a topic.
     *
     * @param description null to leave it as it is
     * @param retain the bounds that change, 0 to take one away; empty ones stay
     * @param switches those that change
     */
    record UpdateTopic(long topicId, @Nullable String description, Retain retain, Switches switches)
            implements Operation {
        /** One that leaves all switches as they are. */
        public UpdateTopic(long topicId, @Nullable String description, Retain retain) {
            this(topicId, description, retain, Switches.NONE);
        }
    }

    /**
     * What a topic does or does not, and shows; null leaves it as it is.
     *
     * @param compactKeys whether of each key only the last event is kept
     * @param uniqueIds whether no two events may have the same id
     * @param validate whether payloads are compared with schemas
     * @param timelineSlotMs all slots of its timeline
     * @param anonymousRead whether who shows no credentials may read it
     */
    record Switches(
            @Nullable Boolean compactKeys,
            @Nullable Boolean uniqueIds,
            TopicSettings.@Nullable Validate validate,
            @Nullable List<Long> timelineSlotMs,
            @Nullable Boolean anonymousRead) {
        public static final Switches NONE = new Switches(null, null, null);

        /** With the slots as they are. */
        public Switches(
                @Nullable Boolean compactKeys, @Nullable Boolean uniqueIds, TopicSettings.@Nullable Validate validate) {
            this(compactKeys, uniqueIds, validate, null);
        }

        /** With who may read as it is. */
        public Switches(
                @Nullable Boolean compactKeys,
                @Nullable Boolean uniqueIds,
                TopicSettings.@Nullable Validate validate,
                @Nullable List<Long> timelineSlotMs) {
            this(compactKeys, uniqueIds, validate, timelineSlotMs, null);
        }
    }

    /** Bounds on what is retained; which of them, is said by whoever has them. */
    record Retain(OptionalLong ageMs, OptionalLong bytes, OptionalLong events) {}

    /** Removes what the topic's settings do not retain at the command's time. */
    record RetainTopic(long topicId) implements Operation {}

    /** Removes the events before a position. */
    record TruncateTopic(long topicId, long position) implements Operation {}

    /** Removes the events that were recorded before a time. */
    record TruncateTopicBefore(long topicId, long timeNs) implements Operation {}

    /**
     * Puts another body in the place of the one that holds an event: the same events, some of them deleted.
     *
     * @param replaced where the body is that was read; if another is there by now, this is refused
     * @param terms by what the events were found that it deletes; their runs count all events of the body
     * @param superseded these were followed by others of their keys: refused unless the topic compacts its keys
     */
    record ReplaceBody(
            long topicId,
            long position,
            ChunkAddress replaced,
            Encoding encoding,
            int crc32c,
            ByteString body,
            List<Particulars.Term> terms,
            boolean superseded)
            implements Operation {
        /** One that deletes events without terms. */
        public ReplaceBody(
                long topicId, long position, ChunkAddress replaced, Encoding encoding, int crc32c, ByteString body) {
            this(topicId, position, replaced, encoding, crc32c, body, List.of(), false);
        }

        @Override
        public int sizeBytes() {
            return body.size() + Particulars.sizeBytes(terms) + 256;
        }
    }

    /** Does something to a group, or makes one. */
    record ChangeGroup(GroupChange change) implements Operation {
        @Override
        public int sizeBytes() {
            return change.getSerializedSize() + 64;
        }
    }

    /** Does something to a webhook, or makes one. */
    record ChangeWebhook(WebhookChange change) implements Operation {
        @Override
        public int sizeBytes() {
            return change.getSerializedSize() + 64;
        }
    }

    /** Makes or revokes a key, or says what somebody may do. */
    record ChangeAccess(AccessChange change) implements Operation {
        @Override
        public int sizeBytes() {
            return change.getSerializedSize() + 64;
        }
    }

    /**
     * Adds a version to an event type's schemas, unless the newest is the same.
     *
     * @param message the payloads' message; empty when the format has none
     */
    record PutSchema(long topicId, String type, Schema.Format format, ByteString content, String message)
            implements Operation {
        @Override
        public int sizeBytes() {
            return content.size() + 256 + 3 * (type.length() + message.length());
        }
    }

    /**
     * Drops some rows of the index that name truncated events only.
     *
     * @param before rows that end before this position go, as far as the topic begins there or later
     * @param from where to begin, as the step before said; empty: at the first row
     * @param stepsMax how much this may do
     */
    record TidyIndex(long topicId, long before, ByteString from, int stepsMax) implements Operation {
        @Override
        public int sizeBytes() {
            return from.size() + 256;
        }
    }

    /**
     * Notes that superseded events were looked for in all chunks up to a position.
     *
     * @param bytes of these chunks' bodies now
     */
    record KeysCompacted(long topicId, long to, long bytes) implements Operation {}

    /**
     * Deletes schemas.
     *
     * @param version 0 for all of the type
     */
    record DeleteSchema(long topicId, String type, int version) implements Operation {}

    /** Forgets a cursor. */
    record DeleteCursor(long topicId, String consumer) implements Operation {}
}
