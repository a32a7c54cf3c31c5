package io.eckermann.gateway.groups;

import io.eckermann.gateway.ShardReads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.GroupStart;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TopicState;
import java.util.OptionalLong;

/** Where groups begin. */
public final class GroupStarts {
    private GroupStarts() {}

    /** Refuses what can be refused without looking at the topic. */
    public static void check(GroupStart start) {
        GroupRules.check(start);
    }

    /** As commands say it: 0 for the first event, -1 for what comes next. */
    public static long of(ReadView view, String topic, GroupStart start) {
        TopicState found = ShardReads.topic(view, topic);
        return switch (start.getAtCase()) {
            case POSITION -> {
                if (start.getPosition() > found.head() + 1) {
                    throw new StoreException(
                                    ErrorCode.POSITION_OUT_OF_RANGE, "A group begins behind the head at the latest.")
                            .with("head", found.head());
                }
                yield start.getPosition();
            }
            case TIME_NS -> {
                OptionalLong position = view.positionAt(found.id(), start.getTimeNs(), TimeSeek.AT_OR_AFTER);
                yield position.orElse(found.head() + 1);
            }
            case LATEST -> -1;
            case AT_NOT_SET -> 0;
        };
    }
}
