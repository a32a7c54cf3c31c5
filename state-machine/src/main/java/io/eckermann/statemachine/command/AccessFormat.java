package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.LogFormat;

/** What is said about keys and rules in command.proto: the messages themselves, once it is sure that all in them is known. */
final class AccessFormat {
    private static final int SHA256_BYTES = 32;

    private AccessFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows the operation, which is no append. */
    static boolean isNeeded(LogFormat.Operation operation) {
        return operation.hasAccess()
                || operation.getCreateTopic().getSettings().getAnonymousRead()
                || operation.getUpdateTopic().hasAnonymousRead();
    }

    static Single single(AccessChange message) throws UnreadableCommandException {
        GroupFormat.knownThroughout(message);
        ByteString secret = message.getPutKey().getSecretSha256();
        if (message.getKindCase() == AccessChange.KindCase.KIND_NOT_SET
                || (message.hasPutKey() && secret.size() != SHA256_BYTES)) {
            throw new UnreadableCommandException("A change of keys or rules is of no known kind.");
        }
        for (Grant grant : message.getSetRules().getAllowList()) {
            if (grant.getVerbsList().contains(Verb.UNRECOGNIZED)) {
                throw new UnreadableCommandException("A rule has a verb that this version does not know.");
            }
        }
        return new Single(new Operation.ChangeAccess(message));
    }
}
