package io.eckermann.statemachine;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.access.AccessChanges;
import io.eckermann.statemachine.chunk.NewChunk;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.Single;
import io.eckermann.statemachine.command.Step;
import io.eckermann.statemachine.cursor.Cursors;
import io.eckermann.statemachine.group.Groups;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.WebhookChange;
import io.eckermann.statemachine.schema.Schemas;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.TopicRow;
import io.eckermann.statemachine.topic.BodyReplacement;
import io.eckermann.statemachine.topic.HotRows;
import io.eckermann.statemachine.topic.ManyAppender;
import io.eckermann.statemachine.topic.PlacementTable;
import io.eckermann.statemachine.topic.Retention;
import io.eckermann.statemachine.topic.RunAppender;
import io.eckermann.statemachine.topic.Topic;
import io.eckermann.statemachine.topic.TopicTable;
import io.eckermann.statemachine.topic.TopicTidying;
import io.eckermann.statemachine.webhook.Webhooks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What a command does to the rows, step by step in one batch. Apply thread; used for one command. */
final class CommandApplier {
    private final StoreBatch batch;
    private final HotRows hot;
    private final RaftIndex at;
    private final Command command;
    private final SortedSet<Long> changedTopics = new TreeSet<>();
    private final SortedSet<Long> deletedTopics = new TreeSet<>();
    private final SortedSet<Long> changedGroups = new TreeSet<>();
    private final SortedMap<Long, Long> rewrittenTopics = new TreeMap<>();
    private final SortedMap<Long, Long> truncatedTopics = new TreeMap<>();
    private final List<NewChunk> newChunks = new ArrayList<>();
    private long bodyBytes;
    private boolean settingsChanged;
    private boolean accessChanged;
    private boolean marked;

    CommandApplier(StoreBatch batch, HotRows hot, RaftIndex at, Command command) {
        this.batch = batch;
        this.hot = hot;
        this.at = at;
        this.command = command;
    }

    /** Puts everything into the batch; returns the results. */
    List<Result> apply() {
        List<Result> results = new ArrayList<>();
        for (int ordinal = 0; ordinal < command.steps().size(); ordinal++) {
            Step step = command.steps().get(ordinal);
            if (step instanceof AppendRun run) {
                results.addAll(append(run, ordinal));
            } else if (step instanceof Single single) {
                results.add(apply(single.operation(), ordinal));
            }
        }
        return results;
    }

    /** Topics whose waiting readers have news. */
    SortedSet<Long> changedTopics() {
        return changedTopics;
    }

    /** Of these, the ones that are gone. */
    SortedSet<Long> deletedTopics() {
        return deletedTopics;
    }

    /** Topics of which chunks that were there are other ones now, with the position behind the last of them. */
    SortedMap<Long, Long> rewrittenTopics() {
        return rewrittenTopics;
    }

    /** Topics of which events were removed, with their first position then. */
    SortedMap<Long, Long> truncatedTopics() {
        return truncatedTopics;
    }

    /** Groups that have something to lease, or are gone. */
    SortedSet<Long> changedGroups() {
        return changedGroups;
    }

    /** Whether topics that were there may have other settings now. */
    boolean settingsChanged() {
        return settingsChanged;
    }

    /** Whether keys or rules are other ones now. */
    boolean accessChanged() {
        return accessChanged;
    }

    /** Whether replicas work out what their states come to at this entry. */
    boolean marked() {
        return marked;
    }

    /** What was appended, a topic's chunks in position order. */
    List<NewChunk> newChunks() {
        return NewChunk.ofEntry(newChunks, bodyBytes);
    }

    private List<Result> append(AppendRun run, int ordinal) {
        bodyBytes += run.body().size();
        Topic topic = hot.topic(batch, run.topicId());
        if (topic == null) {
            return Collections.nCopies(run.results(), topicNotFound(run.topicId()));
        }
        changedTopics.add(run.topicId());
        RunAppender appender = new RunAppender(batch, hot, topic, run, at, ordinal, command.leaderTimeNs());
        List<Result> results = appender.append();
        newChunks.addAll(appender.written());
        return results;
    }

    private Result apply(Operation operation, int ordinal) {
        if (operation instanceof Operation.CreateTopic create) {
            return create(create);
        } else if (operation instanceof Operation.PlaceTopic place) {
            return new Result.TopicPlaced(PlacementTable.place(batch, place));
        } else if (operation instanceof Operation.RaiseFormat raise) {
            AgreedFormat.raise(batch, raise.format());
            return new Result.Done();
        } else if (operation instanceof Operation.MarkState) {
            marked = true;
            return new Result.StateMarked(at.index());
        } else if (operation instanceof Operation.DeleteTopic delete) {
            return inTopic(delete.topicId(), this::delete);
        } else if (operation instanceof Operation.CommitCursor commit) {
            return inTopic(
                    commit.topicId(),
                    topic -> Cursors.commit(batch, commit, topic.tail().getHead(), command.leaderTimeNs()));
        } else if (operation instanceof Operation.DeleteCursor delete) {
            return inTopic(delete.topicId(), topic -> Cursors.delete(batch, delete));
        } else if (operation instanceof Operation.UpdateTopic update) {
            settingsChanged = true;
            return inTopic(update.topicId(), topic -> Retention.update(batch, hot, topic, update));
        } else if (operation instanceof Operation.RetainTopic retain) {
            return inTopic(
                    retain.topicId(),
                    topic -> truncated(topic, Retention.retain(batch, hot, topic, command.leaderTimeNs())));
        } else if (operation instanceof Operation.TruncateTopic truncate) {
            return inTopic(
                    truncate.topicId(),
                    topic -> truncated(topic, Retention.truncate(batch, hot, topic, truncate.position())));
        } else if (operation instanceof Operation.TruncateTopicBefore truncate) {
            return inTopic(
                    truncate.topicId(),
                    topic -> truncated(topic, Retention.truncateBefore(batch, hot, topic, truncate.timeNs())));
        } else if (operation instanceof Operation.ChangeGroup group) {
            return inTopic(group.change().getTopicId(), topic -> change(topic, group.change()));
        } else if (operation instanceof Operation.ChangeWebhook webhook) {
            return inTopic(webhook.change().getTopicId(), topic -> change(topic, webhook.change()));
        } else if (operation instanceof Operation.ChangeAccess access) {
            accessChanged = true;
            return AccessChanges.apply(batch, access.change(), command.leaderTimeNs());
        } else if (operation instanceof Operation.ReplaceBody replace) {
            return inTopic(replace.topicId(), topic -> replace(topic, replace, ordinal));
        } else if (operation instanceof Operation.TidyIndex tidy) {
            return inTopic(tidy.topicId(), topic -> TopicTidying.index(batch, hot, topic, tidy));
        } else if (operation instanceof Operation.KeysCompacted compacted) {
            return inTopic(compacted.topicId(), topic -> TopicTidying.compacted(batch, hot, topic, compacted));
        } else if (operation instanceof Operation.AppendMany many) {
            return appendMany(many, ordinal);
        } else if (operation instanceof Operation.PutSchema put) {
            return inTopic(put.topicId(), topic -> Schemas.put(batch, put, command.leaderTimeNs()));
        } else if (operation instanceof Operation.DeleteSchema delete) {
            return inTopic(delete.topicId(), topic -> Schemas.delete(batch, delete));
        }
        throw new AssertionError("an append is part of a run");
    }

    private Result create(Operation.CreateTopic create) {
        Optional<Topic> existing = TopicTable.find(batch, create.name());
        if (existing.isEmpty()) {
            Topic created = TopicTable.create(batch, create, command.leaderTimeNs());
            return new Result.TopicCreated(created.id(), true, created.row().getCreatedNs());
        }
        TopicRow row = existing.get().row();
        if (row.getSettings().equals(create.settings())) {
            return new Result.TopicCreated(existing.get().id(), false, row.getCreatedNs());
        }
        return Result.Refused.of(new StoreException(
                        ErrorCode.TOPIC_EXISTS,
                        "The topic exists with other settings: use it as it is or another name.")
                .with("topic", create.name())
                .with("topic_id", existing.get().id()));
    }

    private Result delete(Topic topic) {
        TopicTable.delete(batch, topic);
        hot.forgetTopic(topic.id());
        changedTopics.add(topic.id());
        deletedTopics.add(topic.id());
        return new Result.Done();
    }

    private Result change(Topic topic, GroupChange change) {
        return groups(topic).apply(change, changedGroups);
    }

    private Result change(Topic topic, WebhookChange change) {
        return new Webhooks(batch, groups(topic), command.leaderTimeNs(), at.index()).apply(change, changedGroups);
    }

    private Groups groups(Topic topic) {
        return new Groups(batch, topic.tail().getFirst(), topic.tail().getHead(), command.leaderTimeNs(), at.index());
    }

    private Result truncated(Topic topic, Result result) {
        if (result instanceof Result.Truncated truncated) {
            truncatedTopics.put(topic.id(), truncated.first());
        }
        return result;
    }

    private Result replace(Topic topic, Operation.ReplaceBody replace, int ordinal) {
        bodyBytes += replace.body().size();
        hot.forgetTerms(topic.id());
        BodyReplacement replacement = new BodyReplacement(batch, topic, at, ordinal);
        Result result = replacement.replace(replace);
        if (replacement.end() > 0) {
            rewrittenTopics.merge(topic.id(), replacement.end(), Math::max);
        }
        return result;
    }

    private Result appendMany(Operation.AppendMany many, int ordinal) {
        bodyBytes += many.body().size();
        ManyAppender appender = new ManyAppender(batch, hot, many, at, ordinal, command.leaderTimeNs());
        Result result = appender.append();
        newChunks.addAll(appender.written());
        appender.written().forEach(chunk -> changedTopics.add(chunk.topicId()));
        return result;
    }

    private Result inTopic(long topicId, Function<Topic, Result> act) {
        Topic topic = hot.topic(batch, topicId);
        return topic == null ? topicNotFound(topicId) : act.apply(topic);
    }

    private static Result topicNotFound(long topicId) {
        return Result.Refused.of(
                new StoreException(ErrorCode.TOPIC_NOT_FOUND, "There is no such topic: it may have been deleted.")
                        .with("topic_id", topicId));
    }
}
