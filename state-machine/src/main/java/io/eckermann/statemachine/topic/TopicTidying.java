package io.eckermann.statemachine.topic;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.IndexTidying;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.TailRow;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done about topics in the background, beside the removal of events: each topic's tail says how far it is. Apply
 * thread, but for what finds out where something is to be done.
 */
public final class TopicTidying {
    private TopicTidying() {}

    /** Drops some rows of the index of terms and ids that name truncated events only. */
    public static Result index(StoreBatch batch, HotRows hot, Topic topic, Operation.TidyIndex step) {
        TailRow tail = topic.tail();
        hot.forgetTerms(topic.id());
        IndexTidying tidying =
                new IndexTidying(batch, topic.id(), topic.row().getSettings().getUniqueIds());
        long before = Math.min(step.before(), tail.getFirst());
        ByteString next = ByteString.EMPTY;
        if (tail.getFirst() > tail.getHead()) {
            tidying.dropAll();
        } else {
            next = tidying.drop(before, step.from(), step.stepsMax());
        }
        if (next.isEmpty() && before > tail.getIndexFirst()) {
            hot.put(TopicTable.saveTail(
                    batch, topic.with(tail.toBuilder().setIndexFirst(before).build())));
        }
        return new Result.IndexTidied(next);
    }

    /** Notes how far superseded events have been looked for. */
    public static Result compacted(StoreBatch batch, HotRows hot, Topic topic, Operation.KeysCompacted compacted) {
        TailRow tail = topic.tail();
        if (compacted.to() > tail.getCompactedTo() && compacted.to() <= tail.getHead()) {
            hot.put(TopicTable.saveTail(
                    batch,
                    topic.with(tail.toBuilder()
                            .setCompactedTo(compacted.to())
                            .setCompactedBytes(compacted.bytes())
                            .build())));
        }
        return new Result.Done();
    }

    /**
     * Topics of which so many events were truncated since their index was last walked over that a walk is due: at least
     * half as many as are left. So the rows that should not be there are never many more than half of those that should.
     *
     * @return in the order of their names
     */
    public static List<Topic> withUntidyIndex(RowReader rows) {
        List<Topic> found = new ArrayList<>();
        for (Topic topic : TopicTable.list(rows, "")) {
            TailRow tail = topic.tail();
            long truncated = tail.getFirst() - Math.max(1, tail.getIndexFirst());
            if (truncated > 0 && truncated >= (tail.getHead() + 1 - tail.getFirst()) / 2) {
                found.add(topic);
            }
        }
        return found;
    }
}
