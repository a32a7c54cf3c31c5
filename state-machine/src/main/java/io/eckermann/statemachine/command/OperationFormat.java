package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Operations as messages of command.proto, and back. */
final class OperationFormat {
    private OperationFormat() {}

    static LogFormat.Operation encode(Operation operation) {
        LogFormat.Operation.Builder message = LogFormat.Operation.newBuilder();
        if (operation instanceof Operation.Append append) {
            return run(append.topicId(), append.encoding(), List.of(part(append)), append.body());
        } else if (operation instanceof Operation.CreateTopic create) {
            message.getCreateTopicBuilder()
                    .setName(create.name())
                    .setSettings(create.settings())
                    .setShard(create.shard());
        } else if (operation instanceof Operation.PlaceTopic place) {
            message.setPlaceTopic(PlacementFormat.encode(place));
        } else if (operation instanceof Operation.RaiseFormat raise) {
            message.getRaiseFormatBuilder().setFormat(raise.format());
        } else if (operation instanceof Operation.MarkState) {
            message.setMarkState(LogFormat.MarkState.getDefaultInstance());
        } else if (operation instanceof Operation.DeleteTopic delete) {
            message.getDeleteTopicBuilder().setTopicId(delete.topicId());
        } else if (operation instanceof Operation.CommitCursor commit) {
            message.setCommitCursor(cursor(commit));
        } else if (operation instanceof Operation.DeleteCursor delete) {
            message.getDeleteCursorBuilder().setTopicId(delete.topicId()).setConsumer(delete.consumer());
        } else if (operation instanceof Operation.AppendMany many) {
            message.setAppendMany(AppendManyFormat.encode(many));
        } else if (operation instanceof Operation.ChangeGroup group) {
            message.setGroup(group.change());
        } else if (operation instanceof Operation.ChangeWebhook webhook) {
            message.setWebhook(webhook.change());
        } else if (operation instanceof Operation.ChangeAccess access) {
            message.setAccess(access.change());
        } else if (!SchemaFormat.encode(operation, message)) {
            RetentionFormat.encode(operation, message);
        }
        return message.build();
    }

    static LogFormat.CommitCursor cursor(Operation.CommitCursor commit) {
        LogFormat.CommitCursor.Builder cursor = LogFormat.CommitCursor.newBuilder()
                .setTopicId(commit.topicId())
                .setConsumer(commit.consumer())
                .setPosition(commit.position())
                .setAllowRewind(commit.allowRewind());
        commit.expected().ifPresent(cursor::setExpected);
        return cursor.build();
    }

    /** A run whose parts are compressed as one. */
    static LogFormat.Operation whole(
            long topicId, Encoding encoding, List<LogFormat.AppendPart> parts, ByteString body) {
        LogFormat.Operation.Builder operation = run(topicId, encoding, parts, body).toBuilder();
        operation.getAppendBuilder().setWholeCrc32C(EventsCodec.crc32c(body));
        return operation.build();
    }

    static LogFormat.Operation run(long topicId, Encoding encoding, List<LogFormat.AppendPart> parts, ByteString body) {
        return LogFormat.Operation.newBuilder()
                .setAppend(LogFormat.AppendRun.newBuilder()
                        .setTopicId(topicId)
                        .setEncoding(encoding)
                        .addAllParts(parts)
                        .setBody(body))
                .build();
    }

    static LogFormat.AppendPart part(Operation.Append append) {
        LogFormat.AppendPart.Builder part = LogFormat.AppendPart.newBuilder()
                .setCount(append.count())
                .setLength(append.body().size())
                .setCrc32C(append.crc32c());
        if (append.producer() != null) {
            part.setProducer(append.producer().producer())
                    .setSequence(append.producer().sequence())
                    .setRefusalsCount(append.producer().refusalsCount());
        }
        if (!append.particulars().isNone()) {
            ParticularsFormat.encode(append.particulars(), part);
        }
        return part.build();
    }

    /** Which format a reader of the operation, which is no append, must know. */
    static int format(LogFormat.Operation operation) {
        if (operation.hasGroup()
                || operation.hasRaiseFormat()
                || operation.hasWebhook()
                || operation.hasMarkState()
                || PlacementFormat.isNeeded(operation)
                || TidyFormat.isNeeded(operation)
                || AppendManyFormat.isNeeded(operation)
                || SchemaFormat.isNeeded(operation)
                || TimeFormat.isNeeded(operation)
                || AccessFormat.isNeeded(operation)) {
            return CommandCodec.FORMAT_NEWEST;
        }
        return RetentionFormat.isNeeded(operation) ? CommandCodec.FORMAT_EXTENDED : CommandCodec.FORMAT_PLAIN;
    }

    /** Refuses what this version does not know instead of leaving it out. */
    static Step decode(LogFormat.Operation message) throws UnreadableCommandException {
        known(message);
        return switch (message.getKindCase()) {
            case APPEND -> run(message.getAppend());
            case CREATE_TOPIC -> single(message.getCreateTopic());
            case PLACE_TOPIC -> PlacementFormat.single(message.getPlaceTopic());
            case RAISE_FORMAT -> single(message.getRaiseFormat());
            case MARK_STATE -> single(message.getMarkState());
            case DELETE_TOPIC -> single(message.getDeleteTopic());
            case COMMIT_CURSOR -> new Single(cursor(message.getCommitCursor()));
            case DELETE_CURSOR -> single(message.getDeleteCursor());
            case UPDATE_TOPIC -> RetentionFormat.single(message.getUpdateTopic());
            case RETAIN_TOPIC -> RetentionFormat.single(message.getRetainTopic());
            case TRUNCATE_TOPIC -> RetentionFormat.single(message.getTruncateTopic());
            case REPLACE_BODY -> RetentionFormat.single(message.getReplaceBody());
            case GROUP -> GroupFormat.single(message.getGroup());
            case WEBHOOK -> WebhookFormat.single(message.getWebhook());
            case ACCESS -> AccessFormat.single(message.getAccess());
            case TIDY_TOPIC -> TidyFormat.single(message.getTidyTopic());
            case APPEND_MANY -> new Single(AppendManyFormat.decode(message.getAppendMany()));
            case PUT_SCHEMA -> SchemaFormat.single(message.getPutSchema());
            case DELETE_SCHEMA -> SchemaFormat.single(message.getDeleteSchema());
            case KIND_NOT_SET -> throw new UnreadableCommandException("An operation is of no known kind.");
        };
    }

    static void known(Message message) throws UnreadableCommandException {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new UnreadableCommandException(
                    "A " + message.getDescriptorForType().getName() + " holds fields that this version does not know.");
        }
    }

    private static AppendRun run(LogFormat.AppendRun message) throws UnreadableCommandException {
        known(message);
        if (message.getEncoding() == Encoding.UNRECOGNIZED) {
            throw new UnreadableCommandException("An append has an encoding that this version does not know.");
        }
        List<AppendRun.Part> parts = new ArrayList<>(message.getPartsCount());
        long length = 0;
        for (LogFormat.AppendPart part : message.getPartsList()) {
            length += part.getLength();
            parts.add(part(part));
        }
        boolean whole = message.hasWholeCrc32C();
        if (parts.isEmpty() || (!whole && length != message.getBody().size())) {
            throw new UnreadableCommandException("The lengths of a run's parts do not add up to its body.");
        }
        if (whole
                && (message.getEncoding() == Encoding.PLAIN || message.getBody().isEmpty())) {
            throw new UnreadableCommandException("A run that is compressed as one does not say how, or is empty.");
        }
        return new AppendRun(
                message.getTopicId(),
                message.getEncoding(),
                List.copyOf(parts),
                message.getBody(),
                whole ? message.getWholeCrc32C() : null);
    }

    static AppendRun.Part part(LogFormat.AppendPart part) throws UnreadableCommandException {
        known(part);
        if (part.getCount() < 1 || part.getLength() < 1) {
            throw new UnreadableCommandException("An append holds no events.");
        }
        return new AppendRun.Part(
                part.getCount(), part.getLength(), part.getCrc32C(), producer(part), ParticularsFormat.decode(part));
    }

    private static Operation.@Nullable ProducerSequence producer(LogFormat.AppendPart part)
            throws UnreadableCommandException {
        if (part.getProducer().isEmpty()) {
            if (part.getSequence() != 0 || part.getRefusalsCount()) {
                throw new UnreadableCommandException("An append has a sequence but no producer.");
            }
            return null;
        }
        return new Operation.ProducerSequence(part.getProducer(), part.getSequence(), part.getRefusalsCount());
    }

    private static Single single(LogFormat.CreateTopic message) throws UnreadableCommandException {
        known(message);
        known(message.getSettings());
        SchemaFormat.known(message.getSettings().getValidate());
        return new Single(new Operation.CreateTopic(message.getName(), message.getSettings(), message.getShard()));
    }

    /** Whoever does not know the format stops here, and not at the first command that needs it. */
    private static Single single(LogFormat.RaiseFormat message) throws UnreadableCommandException {
        known(message);
        if (message.getFormat() < CommandCodec.FORMAT_FIRST || message.getFormat() > CommandCodec.FORMAT_NEWEST) {
            throw new UnreadableCommandException("The cluster has agreed on commands of format "
                    + Integer.toUnsignedString(message.getFormat()) + ", this version knows up to "
                    + CommandCodec.FORMAT_NEWEST + ".");
        }
        return new Single(new Operation.RaiseFormat(message.getFormat()));
    }

    private static Single single(LogFormat.MarkState message) throws UnreadableCommandException {
        known(message);
        return new Single(new Operation.MarkState());
    }

    private static Single single(LogFormat.DeleteTopic message) throws UnreadableCommandException {
        known(message);
        return new Single(new Operation.DeleteTopic(message.getTopicId()));
    }

    static Operation.CommitCursor cursor(LogFormat.CommitCursor message) throws UnreadableCommandException {
        known(message);
        OptionalLong expected = message.hasExpected() ? OptionalLong.of(message.getExpected()) : OptionalLong.empty();
        return new Operation.CommitCursor(
                message.getTopicId(), message.getConsumer(), message.getPosition(), expected, message.getAllowRewind());
    }

    private static Single single(LogFormat.DeleteCursor message) throws UnreadableCommandException {
        known(message);
        return new Single(new Operation.DeleteCursor(message.getTopicId(), message.getConsumer()));
    }
}
