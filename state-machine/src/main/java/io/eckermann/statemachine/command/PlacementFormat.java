package io.eckermann.statemachine.command;

import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.OptionalInt;

/** What is said about shards in command.proto, and back. */
final class PlacementFormat {
    private PlacementFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows all that the operation says. */
    static boolean isNeeded(LogFormat.Operation operation) {
        return operation.hasPlaceTopic() || operation.getCreateTopic().getShard() > 0;
    }

    static LogFormat.PlaceTopic encode(Operation.PlaceTopic place) {
        LogFormat.PlaceTopic.Builder message =
                LogFormat.PlaceTopic.newBuilder().setName(place.name()).setShards(place.shards());
        place.shard().ifPresent(message::setShard);
        return message.build();
    }

    static Single single(LogFormat.PlaceTopic message) throws UnreadableCommandException {
        OperationFormat.known(message);
        if (message.getShard() < 0 || message.getShard() >= message.getShards()) {
            throw new UnreadableCommandException("A topic is placed in a shard that there is not.");
        }
        return new Single(new Operation.PlaceTopic(
                message.getName(),
                message.hasShard() ? OptionalInt.of(message.getShard()) : OptionalInt.empty(),
                message.getShards()));
    }
}
