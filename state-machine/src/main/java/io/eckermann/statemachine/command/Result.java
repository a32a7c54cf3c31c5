package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.WebhookOutcome;
import java.util.List;
import java.util.SortedMap;

/** What applying one operation came to. */
public sealed interface Result {
    /**
     * The events have positions first to first + count - 1.
     *
     * @param head the topic's head right after (of a duplicate: now)
     * @param recordedNs recorded time of the first event
     * @param duplicate the producer's sequence was accepted before: this is the result of then
     */
    record Appended(long first, int count, long head, long recordedNs, boolean duplicate) implements Result {}

    /**
     * All of it is done.
     *
     * @param appends as the request's
     * @param cursors as the request's; of a duplicate as they were committed then, with the heads of now
     * @param duplicate the idempotency key was accepted before: these are the results of then
     */
    record AppendedMany(List<Appended> appends, List<CursorCommitted> cursors, boolean duplicate) implements Result {}

    /**
     * The topic is there.
     *
     * @param created false when it was there already, with the same settings
     * @param createdNs when it was made, in nanoseconds since the epoch; 0 from a leader of an older version
     */
    record TopicCreated(long topicId, boolean created, long createdNs) implements Result {}

    /** Topics of the name are, and always will be, in this shard. */
    record TopicPlaced(int shard) implements Result {}

    /** Each replica works out what its state comes to at this entry. */
    record StateMarked(long raftIndex) implements Result {}

    /** It is done, and there is nothing more to say. */
    record Done() implements Result {}

    /** The cursor is at this position now. */
    record CursorCommitted(long position, long head, long committedNs) implements Result {}

    /** The topic begins there now. */
    record Truncated(long first, long head) implements Result {}

    /** What a change of a group came to. */
    record GroupChanged(GroupOutcome outcome) implements Result {}

    /** What a change of a webhook came to. */
    record WebhookChanged(WebhookOutcome outcome) implements Result {}

    /**
     * A step through the index is done.
     *
     * @param next where the next one begins; empty when this was the last
     */
    record IndexTidied(ByteString next) implements Result {}

    /**
     * The newest schema of the type is this version.
     *
     * @param created false when it was there already
     * @param createdNs the leader's time when it was registered
     */
    record SchemaPut(int version, boolean created, long createdNs) implements Result {}

    /** Nothing was changed. */
    record Refused(ErrorCode code, String message, SortedMap<String, String> facts) implements Result {
        /** The same as an exception. */
        public StoreException toException() {
            StoreException exception = new StoreException(code, message);
            facts.forEach(exception::with);
            return exception;
        }

        /** The same as a result. */
        public static Refused of(StoreException exception) {
            return new Refused(exception.code(), exception.getMessage(), exception.facts());
        }
    }
}
