package io.eckermann.statemachine.topic;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Operation.AppendMany;
import io.eckermann.statemachine.command.Operation.CommitCursor;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.TopicAppend;
import io.eckermann.statemachine.condition.Conditions;
import io.eckermann.statemachine.cursor.Cursors;
import io.eckermann.statemachine.idempotency.RequestTable;
import io.eckermann.statemachine.query.Steps;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends to several topics and moves cursors, all or none: everything is judged before anything is written. Apply
 * thread; used once.
 */
public final class ManyAppender {
    private final StoreBatch batch;
    private final HotRows hot;
    private final AppendMany many;
    private final RaftIndex at;
    private final int ordinal;
    private final long leaderTimeNs;
    private final Map<Long, Topic> topics = new TreeMap<>();
    private final List<NewChunk> written = new ArrayList<>();

    /** @param ordinal which of the entry's steps it is, from 0 */
    public ManyAppender(StoreBatch batch, HotRows hot, AppendMany many, RaftIndex at, int ordinal, long leaderTimeNs) {
        this.batch = batch;
        this.hot = hot;
        this.many = many;
        this.at = at;
        this.ordinal = ordinal;
        this.leaderTimeNs = leaderTimeNs;
    }

    /** Judges all of it, and writes all of it or nothing. */
    public Result append() {
        Result known;
        try {
            findTopics();
            known = known();
            if (known == null) {
                judge();
            }
        } catch (StoreException e) {
            return Result.Refused.of(e);
        }
        return known == null ? accept() : known;
    }

    /** The chunks that were written, in the order of the topics. */
    public List<NewChunk> written() {
        return written;
    }

    private void findTopics() {
        many.appends().forEach(append -> findTopic(append.topicId()));
        many.cursors().forEach(cursor -> findTopic(cursor.topicId()));
        for (TopicAppend append : many.appends()) {
            Topic topic = topic(append.topicId());
            StoreException untold =
                    new EventIds(batch, topic).untold(append.part().particulars());
            if (untold != null) {
                throw named(untold, topic);
            }
        }
    }

    private void findTopic(long topicId) {
        Topic topic = hot.topic(batch, topicId);
        if (topic == null) {
            throw new StoreException(ErrorCode.TOPIC_NOT_FOUND, "There is no such topic: it may have been deleted.")
                    .with("topic_id", topicId);
        }
        topics.put(topicId, topic);
    }

    private Topic topic(long topicId) {
        return Objects.requireNonNull(topics.get(topicId));
    }

    private long head(long topicId) {
        return topic(topicId).tail().getHead();
    }

    private @Nullable Result known() {
        return many.request() == null ? null : requests().judge(many.request(), many, this::head);
    }

    private RequestTable requests() {
        return new RequestTable(batch, leaderTimeNs);
    }

    /** Throws what speaks against it: first of all an id, then a cursor; every condition that does not hold is told. */
    private void judge() {
        List<Conflict> conflicts = conflicts();
        StoreException objection = takenId();
        if (objection == null) {
            objection = cursorObjection();
        }
        if (objection != null) {
            throw conflicts.isEmpty() ? objection : objection.with(Conflict.FACT, Conflict.text(conflicts));
        }
        if (!conflicts.isEmpty()) {
            throw Conditions.failed(conflicts);
        }
    }

    private List<Conflict> conflicts() {
        List<Conflict> all = new ArrayList<>();
        Steps steps = Conditions.steps();
        for (TopicAppend append : many.appends()) {
            Topic topic = topic(append.topicId());
            try {
                all.addAll(new Conditions(
                                batch,
                                hot.index(),
                                topic.id(),
                                topic.tail().getFirst(),
                                topic.tail().getHead(),
                                append.part().particulars().conditions(),
                                topic.row().getName(),
                                steps)
                        .conflicts());
            } catch (StoreException e) {
                throw named(e, topic);
            }
        }
        return all;
    }

    private @Nullable StoreException takenId() {
        for (TopicAppend append : many.appends()) {
            Topic topic = topic(append.topicId());
            StoreException taken =
                    new EventIds(batch, topic).taken(append.part().particulars());
            if (taken != null) {
                return named(taken, topic);
            }
        }
        return null;
    }

    private @Nullable StoreException cursorObjection() {
        for (CommitCursor cursor : many.cursors()) {
            Optional<StoreException> objection = Cursors.objection(batch, cursor, head(cursor.topicId()));
            if (objection.isPresent()) {
                return named(objection.get(), topic(cursor.topicId())).with("consumer", cursor.consumer());
            }
        }
        return null;
    }

    private static StoreException named(StoreException refusal, Topic topic) {
        return refusal.with("topic", topic.row().getName());
    }

    private Result accept() {
        List<Result.Appended> appends = new ArrayList<>(many.appends().size());
        int offset = 0;
        for (TopicAppend append : many.appends()) {
            int length = append.part().length();
            appends.add(append(append, offset, many.body().substring(offset, offset + length)));
            offset += length;
        }
        List<Result.CursorCommitted> cursors = new ArrayList<>(many.cursors().size());
        for (CommitCursor cursor : many.cursors()) {
            Topic now = Objects.requireNonNull(hot.topic(batch, cursor.topicId()));
            cursors.add(Cursors.move(batch, cursor, now.tail().getHead(), leaderTimeNs));
        }
        if (many.request() != null) {
            requests().keep(many.request(), appends);
        }
        return new Result.AppendedMany(appends, cursors, false);
    }

    private Result.Appended append(TopicAppend append, int offset, ByteString body) {
        AppendRun run = new AppendRun(append.topicId(), append.encoding(), List.of(append.part()), body);
        RunAppender appender = new RunAppender(batch, hot, topic(append.topicId()), run, at, ordinal, leaderTimeNs);
        Result.Appended result = appender.appendJudged(offset);
        written.addAll(appender.written());
        return result;
    }
}
