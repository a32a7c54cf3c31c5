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
            message.getAppendedBuilder()
                    .setFirst(appended.first())
                    .setCount(appended.count())
                    .setHead(appended.head())
                    .setRecordedNs(appended.recordedNs())
                    .setDuplicate(appended.duplicate());
        } else if (result instanceof Result.TopicCreated created) {
            message.getTopicCreatedBuilder()
                    .setTopicId(created.topicId())
                    .setCreated(created.created())
                    .setCreatedNs(created.createdNs());
        } else if (result instanceof Result.Done) {
            message.setDone(LogFormat.Done.getDefaultInstance());
        } else if (result instanceof Result.CursorCommitted committed) {
            message.getCursorCommittedBuilder()
                    .setPosition(committed.position())
                    .setHead(committed.head())
                    .setCommittedNs(committed.committedNs());
        } else if (result instanceof Result.Truncated truncated) {
            message.getTruncatedBuilder().setFirst(truncated.first()).setHead(truncated.head());
        } else if (result instanceof Result.IndexTidied tidied) {
            message.getIndexTidiedBuilder().setNext(tidied.next());
        } else if (result instanceof Result.Refused refused) {
            message.getRefusedBuilder()
                    .setCode(refused.code().name())
                    .setMessage(refused.message())
                    .putAllFacts(refused.facts());
        }
        return message.build();
    }

    static Result decode(LogFormat.Result message) throws InvalidProtocolBufferException {
        return switch (message.getKindCase()) {
            case APPENDED -> appended(message.getAppended());
            case TOPIC_CREATED ->
                new Result.TopicCreated(
                        message.getTopicCreated().getTopicId(),
                        message.getTopicCreated().getCreated(),
                        message.getTopicCreated().getCreatedNs());
            case DONE -> new Result.Done();
            case CURSOR_COMMITTED ->
                new Result.CursorCommitted(
                        message.getCursorCommitted().getPosition(),
                        message.getCursorCommitted().getHead(),
                        message.getCursorCommitted().getCommittedNs());
            case TRUNCATED ->
                new Result.Truncated(
                        message.getTruncated().getFirst(),
                        message.getTruncated().getHead());
            case INDEX_TIDIED -> new Result.IndexTidied(message.getIndexTidied().getNext());
            case REFUSED -> refused(message.getRefused());
            case KIND_NOT_SET -> throw new InvalidProtocolBufferException("a result of no known kind");
        };
    }

    private static Result appended(LogFormat.Appended message) {
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
