package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.OptionalLong;

/** The operations that remove events, and say which to retain, as messages of command.proto, and back. */
final class RetentionFormat {
    private RetentionFormat() {}

    static boolean isNeeded(LogFormat.Operation operation) {
        return switch (operation.getKindCase()) {
            case UPDATE_TOPIC, RETAIN_TOPIC, TRUNCATE_TOPIC, REPLACE_BODY -> true;
            case CREATE_TOPIC -> hasBounds(operation.getCreateTopic().getSettings());
            default -> false;
        };
    }

    private static boolean hasBounds(TopicSettings settings) {
        return settings.getRetainAgeMs() != 0 || settings.getRetainBytes() != 0 || settings.getRetainEvents() != 0;
    }

    static void encode(Operation operation, LogFormat.Operation.Builder message) {
        if (operation instanceof Operation.UpdateTopic update) {
            LogFormat.UpdateTopic.Builder changes =
                    message.getUpdateTopicBuilder().setTopicId(update.topicId());
            if (update.description() != null) {
                changes.setDescription(update.description());
            }
            update.retain().ageMs().ifPresent(changes::setRetainAgeMs);
            update.retain().bytes().ifPresent(changes::setRetainBytes);
            update.retain().events().ifPresent(changes::setRetainEvents);
            Operation.Switches switches = update.switches();
            if (switches.compactKeys() != null) {
                changes.setCompactKeys(switches.compactKeys());
            }
            if (switches.uniqueIds() != null) {
                changes.setUniqueIds(switches.uniqueIds());
            }
            if (switches.validate() != null) {
                changes.setValidate(switches.validate());
            }
            if (switches.timelineSlotMs() != null) {
                changes.getTimelineBuilder().addAllSlotMs(switches.timelineSlotMs());
            }
            if (switches.anonymousRead() != null) {
                changes.setAnonymousRead(switches.anonymousRead());
            }
        } else if (operation instanceof Operation.RetainTopic retain) {
            message.getRetainTopicBuilder().setTopicId(retain.topicId());
        } else if (operation instanceof Operation.TruncateTopic truncate) {
            message.getTruncateTopicBuilder().setTopicId(truncate.topicId()).setPosition(truncate.position());
        } else if (operation instanceof Operation.TruncateTopicBefore truncate) {
            message.getTruncateTopicBuilder().setTopicId(truncate.topicId()).setTimeNs(truncate.timeNs());
        } else if (operation instanceof Operation.ReplaceBody replace) {
            ChunkAddress replaced = replace.replaced();
            message.getReplaceBodyBuilder()
                    .setTopicId(replace.topicId())
                    .setPosition(replace.position())
                    .setRaftIndex(replaced.raftIndex())
                    .setOrdinal(replaced.ordinal())
                    .setOffset(replaced.offset())
                    .setLength(replaced.length())
                    .setEncoding(replace.encoding())
                    .setCrc32C(replace.crc32c())
                    .setBody(replace.body())
                    .addAllTerms(replace.terms().stream()
                            .map(ParticularsFormat::encode)
                            .toList())
                    .setSuperseded(replace.superseded());
        } else {
            TidyFormat.encode(operation, message);
        }
    }

    static Single single(LogFormat.UpdateTopic message) throws UnreadableCommandException {
        OperationFormat.known(message);
        OperationFormat.known(message.getTimeline());
        return new Single(new Operation.UpdateTopic(
                message.getTopicId(),
                message.hasDescription() ? message.getDescription() : null,
                new Operation.Retain(
                        optional(message.hasRetainAgeMs(), message.getRetainAgeMs()),
                        optional(message.hasRetainBytes(), message.getRetainBytes()),
                        optional(message.hasRetainEvents(), message.getRetainEvents())),
                new Operation.Switches(
                        message.hasCompactKeys() ? (Boolean) message.getCompactKeys() : null,
                        message.hasUniqueIds() ? (Boolean) message.getUniqueIds() : null,
                        message.hasValidate() ? SchemaFormat.known(message.getValidate()) : null,
                        message.hasTimeline() ? message.getTimeline().getSlotMsList() : null,
                        message.hasAnonymousRead() ? (Boolean) message.getAnonymousRead() : null)));
    }

    private static OptionalLong optional(boolean has, long value) {
        return has ? OptionalLong.of(value) : OptionalLong.empty();
    }

    static Single single(LogFormat.RetainTopic message) throws UnreadableCommandException {
        OperationFormat.known(message);
        return new Single(new Operation.RetainTopic(message.getTopicId()));
    }

    static Single single(LogFormat.TruncateTopic message) throws UnreadableCommandException {
        OperationFormat.known(message);
        return switch (message.getBeforeCase()) {
            case POSITION -> new Single(new Operation.TruncateTopic(message.getTopicId(), message.getPosition()));
            case TIME_NS -> new Single(new Operation.TruncateTopicBefore(message.getTopicId(), message.getTimeNs()));
            case BEFORE_NOT_SET -> throw new UnreadableCommandException("A truncation does not say before what.");
        };
    }

    static Single single(LogFormat.ReplaceBody message) throws UnreadableCommandException {
        OperationFormat.known(message);
        if (message.getEncoding() == Encoding.UNRECOGNIZED || message.getBody().isEmpty()) {
            throw new UnreadableCommandException(
                    "A body that replaces another is empty, or encoded in a way that this version does not know.");
        }
        ChunkAddress replaced = new ChunkAddress(
                message.getRaftIndex(), message.getOrdinal(), message.getOffset(), message.getLength());
        return new Single(new Operation.ReplaceBody(
                message.getTopicId(),
                message.getPosition(),
                replaced,
                message.getEncoding(),
                message.getCrc32C(),
                message.getBody(),
                ParticularsFormat.terms(message.getTermsList(), Integer.MAX_VALUE),
                message.getSuperseded()));
    }
}
