package io.eckermann.gateway.topics;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.statemachine.command.Operation;
import java.util.List;
import java.util.OptionalLong;

/** What can be set about a topic, and how it can be cut, as far as that can be said without the topic. Pure. */
final class TopicRules {
    private static final int SLOTS_MAX = 8;
    private static final long SLOT_MS_MIN = 1_000;
    private static final long SLOT_MS_MAX = Limits.RETAIN_AGE_MS_MAX;

    private TopicRules() {}

    /** Settings with no field left to a default. */
    static TopicSettings completed(TopicSettings asked) {
        long bytesMax = asked.getMaxEventBytes();
        if (bytesMax < 0 || bytesMax > Limits.EVENT_PAYLOAD_BYTES_MAX) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A topic's largest event has 1 to 1048576 bytes.")
                    .with("field", "settings.max_event_bytes")
                    .with("max_event_bytes", bytesMax);
        }
        checkDescription("settings.description", asked.getDescription());
        checkBound("settings.retain_age_ms", asked.getRetainAgeMs(), Limits.RETAIN_AGE_MS_MAX);
        checkBound("settings.retain_bytes", asked.getRetainBytes(), Long.MAX_VALUE);
        checkBound("settings.retain_events", asked.getRetainEvents(), Long.MAX_VALUE);
        check("settings.validate", asked.getValidate());
        return TopicSettings.newBuilder()
                .setMaxEventBytes(bytesMax == 0 ? Limits.EVENT_PAYLOAD_BYTES_MAX : bytesMax)
                .setDescription(asked.getDescription())
                .setRetainAgeMs(asked.getRetainAgeMs())
                .setRetainBytes(asked.getRetainBytes())
                .setRetainEvents(asked.getRetainEvents())
                .setCompactKeys(asked.getCompactKeys())
                .setUniqueIds(asked.getUniqueIds())
                .setValidate(asked.getValidate())
                .setIndexEventTime(asked.getIndexEventTime())
                .setAnonymousRead(asked.getAnonymousRead())
                .addAllTimelineSlotMs(checkedSlots("settings.timeline_slot_ms", asked.getTimelineSlotMsList()))
                .build();
    }

    private static void check(String field, TopicSettings.Validate validate) {
        if (validate == TopicSettings.Validate.UNRECOGNIZED) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "No such validation: use OFF, ON_APPEND or STRICT.")
                    .with("field", field);
        }
    }

    private static List<Long> checkedSlots(String field, List<Long> slotsMs) {
        boolean whole =
                slotsMs.stream().allMatch(ms -> ms >= SLOT_MS_MIN && ms % SLOT_MS_MIN == 0 && ms <= SLOT_MS_MAX);
        if (!whole || slotsMs.size() > SLOTS_MAX || slotsMs.stream().distinct().count() < slotsMs.size()) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "A topic has at most 8 slots, each another one of whole seconds and at most 100 years.")
                    .with("field", field);
        }
        return slotsMs;
    }

    private static void checkDescription(String field, String description) {
        int chars = description.codePointCount(0, description.length());
        if (chars > Limits.DESCRIPTION_CHARS_MAX) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A topic's description has at most 1000 characters.")
                    .with("field", field)
                    .with("characters", chars);
        }
    }

    private static void checkBound(String field, long bound, long max) {
        if (bound < 0 || bound > max) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST, "What bounds a topic is positive, and an age is at most 100 years.")
                    .with("field", field)
                    .with("bound", bound);
        }
    }

    static void check(UpdateTopicRequest request) {
        checkDescription("description", request.getDescription());
        checkBound("retain_age_ms", request.getRetainAgeMs(), Limits.RETAIN_AGE_MS_MAX);
        checkBound("retain_bytes", request.getRetainBytes(), Long.MAX_VALUE);
        checkBound("retain_events", request.getRetainEvents(), Long.MAX_VALUE);
        check("validate", request.getValidate());
        checkedSlots("timeline.slot_ms", request.getTimeline().getSlotMsList());
        if (!request.hasDescription()
                && !request.hasRetainAgeMs()
                && !request.hasRetainBytes()
                && !request.hasRetainEvents()
                && !request.hasCompactKeys()
                && !request.hasUniqueIds()
                && !request.hasValidate()
                && !request.hasTimeline()
                && !request.hasAnonymousRead()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "Say what to change.").with("field", "retain_age_ms");
        }
    }

    static Operation operation(UpdateTopicRequest request, long topicId) {
        return new Operation.UpdateTopic(
                topicId,
                request.hasDescription() ? request.getDescription() : null,
                new Operation.Retain(
                        optional(request.hasRetainAgeMs(), request.getRetainAgeMs()),
                        optional(request.hasRetainBytes(), request.getRetainBytes()),
                        optional(request.hasRetainEvents(), request.getRetainEvents())),
                new Operation.Switches(
                        request.hasCompactKeys() ? (Boolean) request.getCompactKeys() : null,
                        request.hasUniqueIds() ? (Boolean) request.getUniqueIds() : null,
                        request.hasValidate() ? request.getValidate() : null,
                        request.hasTimeline() ? request.getTimeline().getSlotMsList() : null,
                        request.hasAnonymousRead() ? (Boolean) request.getAnonymousRead() : null));
    }

    private static OptionalLong optional(boolean has, long value) {
        return has ? OptionalLong.of(value) : OptionalLong.empty();
    }

    static void check(TruncateTopicRequest request) {
        boolean some = switch (request.getBeforeCase()) {
            case POSITION -> request.getPosition() > 0;
            case TIME_NS -> request.getTimeNs() > 0;
            case BEFORE_NOT_SET -> false;
        };
        if (!some) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "Say before which position, from 1, or time the events go.")
                    .with("field", "before");
        }
    }

    static Operation operation(TruncateTopicRequest request, long topicId) {
        return request.hasPosition()
                ? new Operation.TruncateTopic(topicId, request.getPosition())
                : new Operation.TruncateTopicBefore(topicId, request.getTimeNs());
    }
}
