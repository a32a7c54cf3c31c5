package io.eckermann.statemachine.command;

import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.Collections;
import java.util.TreeMap;

/** Results as messages of command.proto, and back. */
final class ResultFormat {
    private ResultFormat() {}

    static LogFormat.Result encode(Result result) {
        LogFormat.Result.Builder message = LogFormat.Result.newBuilder();
        if (result instanceof Result.Appended appended) {
            message.setAppended(encode(appended));
        } else if (result instanceof Result.AppendedMany many) {
            LogFormat.AppendedMany.Builder all =
                    message.getAppendedManyBuilder().setDuplicate(many.duplicate());
            many.appends().forEach(append -> all.addAppends(encode(append)));
            many.cursors().forEach(cursor -> all.addCursors(encode(cursor)));
        } else if (result instanceof Result.TopicCreated created) {
            message.getTopicCreatedBuilder()
                    .setTopicId(created.topicId())
                    .setCreated(created.created())
                    .setCreatedNs(created.createdNs());
        } else if (result instanceof Result.TopicPlaced placed) {
            message.getTopicPlacedBuilder().setShard(placed.shard());
        } else if (result instanceof Result.StateMarked marked) {
            message.getStateMarkedBuilder().setRaftIndex(marked.raftIndex());
        } else if (result instanceof Result.Done) {
            message.setDone(LogFormat.Done.getDefaultInstance());
        } else if (result instanceof Result.CursorCommitted committed) {
            message.setCursorCommitted(encode(committed));
        } else if (result instanceof Result.Truncated truncated) {
            message.getTruncatedBuilder().setFirst(truncated.first()).setHead(truncated.head());
        } else if (result instanceof Result.GroupChanged changed) {
            message.setGroup(changed.outcome());
        } else if (result instanceof Result.WebhookChanged changed) {
            message.setWebhook(changed.outcome());
        } else if (result instanceof Result.IndexTidied tidied) {
            message.getIndexTidiedBuilder().setNext(tidied.next());
        } else if (result instanceof Result.SchemaPut put) {
            message.getSchemaPutBuilder()
                    .setVersion(put.version())
                    .setCreated(put.created())
                    .setCreatedNs(put.createdNs());
        } else if (result instanceof Result.Refused refused) {
            message.getRefusedBuilder()
                    .setCode(refused.code().name())
                    .setMessage(refused.message())
                    .putAllFacts(refused.facts());
        }
        return message.build();
    }

    private static LogFormat.Appended encode(Result.Appended appended) {
        return LogFormat.Appended.newBuilder()
                .setFirst(appended.first())
                .setCount(appended.count())
                .setHead(appended.head())
                .setRecordedNs(appended.recordedNs())
                .setDuplicate(appended.duplicate())
                .build();
    }

    private static LogFormat.CursorCommitted encode(Result.CursorCommitted committed) {
        return LogFormat.CursorCommitted.newBuilder()
                .setPosition(committed.position())
                .setHead(committed.head())
                .setCommittedNs(committed.committedNs())
                .build();
    }

    static Result decode(LogFormat.Result message) throws InvalidProtocolBufferException {
        return switch (message.getKindCase()) {
            case APPENDED -> appended(message.getAppended());
            case TOPIC_CREATED ->
                new Result.TopicCreated(
                        message.getTopicCreated().getTopicId(),
                        message.getTopicCreated().getCreated(),
                        message.getTopicCreated().getCreatedNs());
            case TOPIC_PLACED -> new Result.TopicPlaced(message.getTopicPlaced().getShard());
            case STATE_MARKED -> new Result.StateMarked(message.getStateMarked().getRaftIndex());
            case DONE -> new Result.Done();
            case CURSOR_COMMITTED -> committed(message.getCursorCommitted());
            case APPENDED_MANY -> many(message.getAppendedMany());
            case TRUNCATED ->
                new Result.Truncated(
                        message.getTruncated().getFirst(),
                        message.getTruncated().getHead());
            case GROUP -> new Result.GroupChanged(message.getGroup());
            case WEBHOOK -> new Result.WebhookChanged(message.getWebhook());
            case INDEX_TIDIED -> new Result.IndexTidied(message.getIndexTidied().getNext());
            case SCHEMA_PUT ->
                new Result.SchemaPut(
                        message.getSchemaPut().getVersion(),
                        message.getSchemaPut().getCreated(),
                        message.getSchemaPut().getCreatedNs());
            case REFUSED -> refused(message.getRefused());
            case KIND_NOT_SET -> throw new InvalidProtocolBufferException("a result of no known kind");
        };
    }

    private static Result many(LogFormat.AppendedMany message) {
        return new Result.AppendedMany(
                message.getAppendsList().stream().map(ResultFormat::appended).toList(),
                message.getCursorsList().stream().map(ResultFormat::committed).toList(),
                message.getDuplicate());
    }

    private static Result.CursorCommitted committed(LogFormat.CursorCommitted message) {
        return new Result.CursorCommitted(message.getPosition(), message.getHead(), message.getCommittedNs());
    }

    private static Result.Appended appended(LogFormat.Appended message) {
        return new Result.Appended(
                message.getFirst(),
                message.getCount(),
                message.getHead(),
                message.getRecordedNs(),
                message.getDuplicate());
    }

    private static Result refused(LogFormat.Refused message) throws InvalidProtocolBufferException {
        try {
            return new Result.Refused(
                    ErrorCode.valueOf(message.getCode()),
                    message.getMessage(),
                    Collections.unmodifiableSortedMap(new TreeMap<>(message.getFactsMap())));
        } catch (IllegalArgumentException e) {
            throw new InvalidProtocolBufferException(new java.io.IOException("unknown error code", e));
        }
    }
}
