package io.eckermann.statemachine.command;

import io.eckermann.statemachine.log.v1.LogFormat;

/** What is done about topics in the background, and what only versions that do it know, as messages of command.proto. */
final class TidyFormat {
    private TidyFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows all that the operation says. */
    static boolean isNeeded(LogFormat.Operation operation) {
        return switch (operation.getKindCase()) {
            case TIDY_TOPIC -> true;
            case CREATE_TOPIC -> operation.getCreateTopic().getSettings().getCompactKeys();
            case UPDATE_TOPIC -> operation.getUpdateTopic().hasCompactKeys();
            case REPLACE_BODY ->
                operation.getReplaceBody().getTermsCount() > 0
                        || operation.getReplaceBody().getSuperseded();
            default -> false;
        };
    }

    static void encode(Operation operation, LogFormat.Operation.Builder message) {
        if (operation instanceof Operation.TidyIndex tidy) {
            message.getTidyTopicBuilder()
                    .setTopicId(tidy.topicId())
                    .getIndexBuilder()
                    .setBefore(tidy.before())
                    .setFrom(tidy.from())
                    .setStepsMax(tidy.stepsMax());
        } else if (operation instanceof Operation.KeysCompacted compacted) {
            message.getTidyTopicBuilder()
                    .setTopicId(compacted.topicId())
                    .getKeysCompactedBuilder()
                    .setTo(compacted.to())
                    .setBytes(compacted.bytes());
        }
    }

    static Single single(LogFormat.TidyTopic message) throws UnreadableCommandException {
        OperationFormat.known(message);
        return switch (message.getWhatCase()) {
            case INDEX -> {
                LogFormat.TidyIndex index = message.getIndex();
                OperationFormat.known(index);
                yield new Single(new Operation.TidyIndex(
                        message.getTopicId(), index.getBefore(), index.getFrom(), index.getStepsMax()));
            }
            case KEYS_COMPACTED -> {
                LogFormat.KeysCompacted compacted = message.getKeysCompacted();
                OperationFormat.known(compacted);
                yield new Single(
                        new Operation.KeysCompacted(message.getTopicId(), compacted.getTo(), compacted.getBytes()));
            }
            case WHAT_NOT_SET -> throw new UnreadableCommandException("It is not said what is done about a topic.");
        };
    }
}
