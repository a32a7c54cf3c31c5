package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.log.v1.LogFormat;

/** The operations about schemas, and whether topics validate, as messages of command.proto, and back. */
final class SchemaFormat {
    private SchemaFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows the operation. */
    static boolean isNeeded(LogFormat.Operation operation) {
        return switch (operation.getKindCase()) {
            case PUT_SCHEMA, DELETE_SCHEMA -> true;
            case CREATE_TOPIC -> operation.getCreateTopic().getSettings().getValidate() != TopicSettings.Validate.OFF;
            case UPDATE_TOPIC -> operation.getUpdateTopic().hasValidate();
            default -> false;
        };
    }

    /** Returns whether it is one of these. */
    static boolean encode(Operation operation, LogFormat.Operation.Builder message) {
        if (operation instanceof Operation.PutSchema put) {
            message.getPutSchemaBuilder()
                    .setTopicId(put.topicId())
                    .setType(put.type())
                    .setFormat(put.format())
                    .setContent(put.content())
                    .setMessage(put.message());
        } else if (operation instanceof Operation.DeleteSchema delete) {
            message.getDeleteSchemaBuilder()
                    .setTopicId(delete.topicId())
                    .setType(delete.type())
                    .setVersion(delete.version());
        } else {
            return false;
        }
        return true;
    }

    static Single single(LogFormat.PutSchema message) throws UnreadableCommandException {
        OperationFormat.known(message);
        if (message.getFormat() == Schema.Format.UNRECOGNIZED) {
            throw new UnreadableCommandException("A schema has a format that this version does not know.");
        }
        return new Single(new Operation.PutSchema(
                message.getTopicId(),
                message.getType(),
                message.getFormat(),
                message.getContent(),
                message.getMessage()));
    }

    static Single single(LogFormat.DeleteSchema message) throws UnreadableCommandException {
        OperationFormat.known(message);
        return new Single(new Operation.DeleteSchema(message.getTopicId(), message.getType(), message.getVersion()));
    }

    /** Refuses what this version does not know. */
    static TopicSettings.Validate known(TopicSettings.Validate validate) throws UnreadableCommandException {
        if (validate == TopicSettings.Validate.UNRECOGNIZED) {
            throw new UnreadableCommandException("A topic validates in a way that this version does not know.");
        }
        return validate;
    }
}
