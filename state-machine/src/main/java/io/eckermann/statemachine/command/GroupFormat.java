package io.eckermann.statemachine.command;

import com.google.protobuf.Message;
import io.eckermann.statemachine.log.v1.GroupChange;

/** What is said about groups in command.proto: the messages themselves, once it is sure that all in them is known. */
final class GroupFormat {
    private GroupFormat() {}

    static Single single(GroupChange message) throws UnreadableCommandException {
        knownThroughout(message);
        if (message.getKindCase() == GroupChange.KindCase.KIND_NOT_SET) {
            throw new UnreadableCommandException("A change of a group is of no known kind.");
        }
        return new Single(new Operation.ChangeGroup(message));
    }

    /** Refuses what this version does not know, also in the messages within. */
    static void knownThroughout(Message message) throws UnreadableCommandException {
        OperationFormat.known(message);
        for (Object value : message.getAllFields().values()) {
            if (value instanceof Message inner) {
                knownThroughout(inner);
            } else if (value instanceof Iterable<?> values) {
                for (Object each : values) {
                    if (!(each instanceof Message inner)) {
                        break;
                    }
                    knownThroughout(inner);
                }
            }
        }
    }
}
