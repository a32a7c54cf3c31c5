package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.log.v1.LogFormat;

/** What only versions that know of business times and timelines read. */
final class TimeFormat {
    private TimeFormat() {}

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows the operation, which is no append. */
    static boolean isNeeded(LogFormat.Operation operation) {
        TopicSettings settings = operation.getCreateTopic().getSettings();
        return settings.getIndexEventTime()
                || settings.getTimelineSlotMsCount() > 0
                || operation.getUpdateTopic().hasTimeline();
    }
}
