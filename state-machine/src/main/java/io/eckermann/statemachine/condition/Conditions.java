package io.eckermann.statemachine.condition;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Fence;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.Filter;
import io.eckermann.statemachine.query.KeyTable;
import io.eckermann.statemachine.query.Positions;
import io.eckermann.statemachine.query.RecentIndex;
import io.eckermann.statemachine.query.Search;
import io.eckermann.statemachine.query.Steps;
import io.eckermann.statemachine.storage.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of one append, at the moment it is applied. Apply thread; used once. */
public final class Conditions {
    private final StoreBatch batch;
    private final RecentIndex recent;
    private final long topicId;
    private final long first;
    private final long head;
    private final List<Condition> conditions;
    private final List<Conflict> conflicts = new ArrayList<>();
    private final Steps steps;
    private final String name;
    private int number;

    /**
     * @param recent what is in memory of the batch's index
     * @param first the topic's first position now: events before it were removed, and do not count
     * @param head of the topic now; all events up to it that the conditions may be about are indexed in the batch
     */
    public Conditions(
            StoreBatch batch, RecentIndex recent, long topicId, long first, long head, List<Condition> conditions) {
        this(batch, recent, topicId, first, head, conditions, "", steps());
    }

    /**
     * The conditions of one of several topics.
     *
     * @param name of the topic, for conflicts; empty when there is only this one
     * @param steps how much may be looked at, for all of the topics together
     */
    public Conditions(
            StoreBatch batch,
            RecentIndex recent,
            long topicId,
            long first,
            long head,
            List<Condition> conditions,
            String name,
            Steps steps) {
        this.batch = batch;
        this.recent = recent;
        this.topicId = topicId;
        this.first = first;
        this.head = head;
        this.conditions = conditions;
        this.name = name;
        this.steps = steps;
    }

    /** How much the conditions of one append may look at. */
    public static Steps steps() {
        return Steps.atMost(Limits.CONDITION_STEPS_MAX);
    }

    /** Why the append is refused, with every condition that does not hold; null when all do. */
    public Result.@Nullable Refused judge() {
        try {
            List<Conflict> found = conflicts();
            return found.isEmpty() ? null : Result.Refused.of(failed(found).with("head", head));
        } catch (StoreException e) {
            return Result.Refused.of(e);
        }
    }

    /** What is said when some do not hold. */
    public static StoreException failed(List<Conflict> conflicts) {
        return new StoreException(
                        ErrorCode.CONDITION_FAILED,
                        "A condition of the append does not hold: read what came since, and decide anew.")
                .with(Conflict.FACT, Conflict.text(conflicts));
    }

    /**
     * Every condition that does not hold.
     *
     * @throws StoreException when they can't be judged
     */
    public List<Conflict> conflicts() {
        try {
            for (Condition condition : conditions) {
                judge(condition);
                number++;
            }
        } catch (Steps.SpentException e) {
            throw new StoreException(
                            ErrorCode.CONDITION_TOO_COSTLY,
                            "The conditions look at too much: name a later position as 'after', or rarer tags.")
                    .with("condition", number)
                    .with("head", head);
        }
        return conflicts;
    }

    private void judge(Condition condition) {
        switch (condition.getKindCase()) {
            case EXPECTED_HEAD -> expectHead("expected_head", condition.getExpectedHead());
            case TOPIC_EMPTY -> expectHead("topic_empty", 0);
            case KEY_VERSION ->
                expectVersion(
                        "key_version",
                        condition.getKeyVersion().getKey(),
                        condition.getKeyVersion().getVersion());
            case KEY_ABSENT -> expectVersion("key_absent", condition.getKeyAbsent(), 0);
            case FAIL_IF_EVENTS_MATCH -> expectNone(condition.getFailIfEventsMatch());
            case FENCE -> expectNoLarger(condition.getFence());
            case KIND_NOT_SET -> throw new AssertionError("a command with such a condition cannot be read");
        }
    }

    private void expectHead(String type, long expected) {
        if (expected != head) {
            boolean behind = expected < head;
            boolean some = behind && head >= first;
            conflict(type, some ? Math.max(first, expected + 1) : 0, some ? head : 0, head);
        }
    }

    private void expectVersion(String type, String key, long expected) {
        KeyTable.State state = recent.keys().find(batch, topicId, ByteString.copyFromUtf8(key));
        if (state.version() != expected) {
            // The version counts events that were removed, too; those have no position any more.
            boolean some = expected < state.version() && state.last() >= first;
            conflict(
                    type,
                    some ? positionOf(key, state.version() - expected, state.last()) : 0,
                    some ? state.last() : 0,
                    state.version());
        }
    }

    /** Where the key's event is that comes so many-th from behind, of those that are left; its last one when none is. */
    private long positionOf(String key, long fromBehind, long last) {
        Positions falling = search().backward(Filter.ofKey(key));
        long position = last;
        long before = falling.seek(head);
        for (long i = 0; i < fromBehind && before != Positions.NONE_LOWER; i++) {
            if (steps.isNearlySpent()) {
                return 0;
            }
            position = before;
            before = falling.seek(position - 1);
        }
        return position;
    }

    private void expectNone(FailIfEventsMatch match) {
        if (match.getAfter() > head) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "'after' is beyond the topic's head: it has no such event.")
                    .with("field", "conditions[" + number + "].after")
                    .with("after", match.getAfter())
                    .with("head", head);
        }
        if (match.getAfter() == head) {
            return;
        }
        Filter filter = Filter.of(match.getQuery());
        long nearest = search().forward(filter).seek(match.getAfter() + 1);
        if (nearest <= head) {
            conflict("fail_if_events_match", nearest, search().backward(filter).seek(head), -1);
        }
    }

    private void expectNoLarger(Fence fence) {
        long token = FenceTable.find(batch, topicId, fence.getName());
        if (token > fence.getToken()) {
            conflict("fence", 0, 0, token);
        }
    }

    private void conflict(String type, long firstAgainst, long lastAgainst, long actual) {
        conflicts.add(new Conflict(name, number, type, firstAgainst, lastAgainst, actual));
    }

    private Search search() {
        return new Search(batch, recent.terms(), topicId, first, head, steps);
    }

    /** Does what conditions do when they hold and the append is accepted: raises fences. */
    public void accepted() {
        for (Condition condition : conditions) {
            if (condition.hasFence()) {
                Fence fence = condition.getFence();
                if (FenceTable.find(batch, topicId, fence.getName()) < fence.getToken()) {
                    FenceTable.put(batch, topicId, fence.getName(), fence.getToken());
                }
            }
        }
    }
}
