package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Appends to several topics as messages of command.proto, and back; and what needs the same format. */
final class AppendManyFormat {
    private AppendManyFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows the operation, which is no run. */
    static boolean isNeeded(LogFormat.Operation operation) {
        return switch (operation.getKindCase()) {
            case APPEND_MANY -> true;
            case CREATE_TOPIC -> operation.getCreateTopic().getSettings().getUniqueIds();
            case UPDATE_TOPIC -> operation.getUpdateTopic().hasUniqueIds();
            default -> false;
        };
    }

    static LogFormat.AppendMany encode(Operation.AppendMany many) {
        LogFormat.AppendMany.Builder message = LogFormat.AppendMany.newBuilder().setBody(many.body());
        for (TopicAppend append : many.appends()) {
            AppendRun.Part part = append.part();
            LogFormat.AppendPart.Builder encoded = LogFormat.AppendPart.newBuilder()
                    .setCount(part.count())
                    .setLength(part.length())
                    .setCrc32C(part.crc32c());
            ParticularsFormat.encode(part.particulars(), encoded);
            message.addAppendsBuilder()
                    .setTopicId(append.topicId())
                    .setEncoding(append.encoding())
                    .setPart(encoded);
        }
        many.cursors().forEach(cursor -> message.addCursors(OperationFormat.cursor(cursor)));
        if (many.request() != null) {
            message.setIdempotencyKey(ParticularsFormat.encode(many.request()));
        }
        return message.build();
    }

    static Operation.AppendMany decode(LogFormat.AppendMany message) throws UnreadableCommandException {
        OperationFormat.known(message);
        List<TopicAppend> appends = new ArrayList<>(message.getAppendsCount());
        Set<Long> topics = new HashSet<>();
        long length = 0;
        for (LogFormat.TopicAppend append : message.getAppendsList()) {
            TopicAppend decoded = append(append);
            if (!topics.add(decoded.topicId())) {
                throw new UnreadableCommandException("An append to several topics names one twice.");
            }
            length += decoded.part().length();
            appends.add(decoded);
        }
        if (length != message.getBody().size()) {
            throw new UnreadableCommandException("The lengths of several topics' appends do not add up to the body.");
        }
        List<Operation.CommitCursor> cursors = cursors(message.getCursorsList());
        if (appends.isEmpty() && cursors.isEmpty()) {
            throw new UnreadableCommandException("An append to several topics is one to none.");
        }
        return new Operation.AppendMany(
                List.copyOf(appends),
                cursors,
                message.getBody(),
                message.hasIdempotencyKey() ? ParticularsFormat.request(message.getIdempotencyKey()) : null);
    }

    private static TopicAppend append(LogFormat.TopicAppend append) throws UnreadableCommandException {
        OperationFormat.known(append);
        if (append.getEncoding() == Encoding.UNRECOGNIZED) {
            throw new UnreadableCommandException("An append has an encoding that this version does not know.");
        }
        AppendRun.Part part = OperationFormat.part(append.getPart());
        if (part.producer() != null || part.particulars().request() != null) {
            throw new UnreadableCommandException("One of several topics' appends has a name of its own for retries.");
        }
        return new TopicAppend(append.getTopicId(), append.getEncoding(), part);
    }

    private static List<Operation.CommitCursor> cursors(List<LogFormat.CommitCursor> messages)
            throws UnreadableCommandException {
        record Name(long topicId, String consumer) {}

        List<Operation.CommitCursor> cursors = new ArrayList<>(messages.size());
        Set<Name> names = new HashSet<>();
        for (LogFormat.CommitCursor message : messages) {
            Operation.CommitCursor cursor = OperationFormat.cursor(message);
            if (!names.add(new Name(cursor.topicId(), cursor.consumer()))) {
                throw new UnreadableCommandException("An append to several topics moves a cursor twice.");
            }
            cursors.add(cursor);
        }
        return List.copyOf(cursors);
    }
}
