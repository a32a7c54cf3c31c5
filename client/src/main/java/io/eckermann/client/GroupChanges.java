package io.eckermann.client;

import io.eckermann.protocol.v1.UpdateGroupRequest;
import java.time.Duration;

/** What to change about a group; all that is not named stays as it is. Immutable. */
public final class GroupChanges {
    /** Nothing yet. */
    public static final GroupChanges NONE = new GroupChanges(UpdateGroupRequest.getDefaultInstance());

    private final UpdateGroupRequest wire;

    private GroupChanges(UpdateGroupRequest wire) {
        this.wire = wire;
    }

    public GroupChanges visibility(Duration time) {
        return new GroupChanges(
                wire.toBuilder().setVisibilityMs(time.toMillis()).build());
    }

    public GroupChanges attemptsMax(int attempts) {
        return new GroupChanges(wire.toBuilder().setAttemptsMax(attempts).build());
    }

    public GroupChanges inFlightMax(int events) {
        return new GroupChanges(wire.toBuilder().setInFlightMax(events).build());
    }

    public GroupChanges window(long events) {
        return new GroupChanges(wire.toBuilder().setWindow(events).build());
    }

    UpdateGroupRequest wire(String topic, String name) {
        return wire.toBuilder().setTopic(topic).setName(name).build();
    }

    @Override
    public String toString() {
        return "GroupChanges{" + wire.toString().trim().replaceAll("\\s+", " ") + "}";
    }
}
