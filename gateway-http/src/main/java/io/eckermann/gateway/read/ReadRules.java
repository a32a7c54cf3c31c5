package io.eckermann.gateway.read;

import io.eckermann.gateway.QueryRules;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import io.eckermann.statemachine.query.Filter;
import org.jspecify.annotations.Nullable;

/** What a read may ask for, as far as that can be said without the topic's content. */
final class ReadRules {
    private static final int LAST_MATCHES_MAX = 10_000;

    private ReadRules() {}

    static void check(ReadRequest request) {
        Names.anyTopic(request.getTopic());
        if (request.getDirection() == Direction.UNRECOGNIZED) {
            throw bad("direction", "No such direction: use FORWARD or BACKWARD.");
        }
        if (request.getFormat() == ReadRequest.Format.UNRECOGNIZED) {
            throw bad("format", "No such format: use EVENTS or CHUNKS.");
        }
        checkFilter(request);
        notNegative("to", request.getTo());
        notNegative("since_ns", request.getSinceNs());
        notNegative("until_ns", request.getUntilNs());
        if (request.getUntilNs() != 0 && request.getSinceNs() >= request.getUntilNs()) {
            throw bad("until_ns", "A read of what lies between two times ends after it begins.")
                    .with("since_ns", request.getSinceNs())
                    .with("until_ns", request.getUntilNs());
        }
        notNegative("limit", request.getLimit());
        notNegative("max_bytes", request.getMaxBytes());
        notNegative("at_least", request.getAtLeast());
        notNegative("heartbeat_millis", request.getHeartbeatMillis());
        checkStart(request);
        if (request.getDirection() == Direction.BACKWARD) {
            checkBackward(request);
        } else {
            checkForward(request);
        }
    }

    private static void checkFilter(ReadRequest request) {
        new QueryRules().check("query", request.getQuery());
        if (request.hasKey()) {
            checkKey(request.getKey());
        }
        boolean all = filter(request) == null && request.getFilter().isEmpty();
        if (!all && request.getLast() > LAST_MATCHES_MAX) {
            throw bad("last", "At most 10,000 events that match can be counted from the end.")
                    .with("max", LAST_MATCHES_MAX);
        }
    }

    /** Which events are asked about. */
    static Filter filter(ExplainRequest request) {
        new QueryRules().check("query", request.getQuery());
        notNegative("after", request.getAfter());
        if (request.hasKey()) {
            checkKey(request.getKey());
        }
        return new Filter(request.getQuery(), request.hasKey() ? request.getKey() : null);
    }

    static void checkKey(String key) {
        if (key.isEmpty() || key.length() > Limits.EVENT_ATTRIBUTES_BYTES_MAX) {
            throw bad("key", "A key is not empty, and no longer than that of an event can be.");
        }
    }

    /** Which events are wanted; null when all are. */
    static @Nullable Filter filter(ReadRequest request) {
        String key = request.hasKey() ? request.getKey() : null;
        return key == null && request.getQuery().getItemsCount() == 0 ? null : new Filter(request.getQuery(), key);
    }

    private static void checkStart(ReadRequest request) {
        // Fields of a start that was not chosen have their defaults, which pass.
        notNegative("from", request.getFrom());
        notNegative("after", request.getAfter());
        notNegative("last", request.getLast());
        notNegative("time", request.getTime().getRecordedNs());
        if (request.getTime().getSeek() == TimeStart.Seek.UNRECOGNIZED) {
            throw bad("time.seek", "No such seek: use AT_OR_AFTER, AT_OR_BEFORE or NEAREST.");
        }
        if (request.hasCursor()) {
            Names.consumer(request.getCursor());
        }
    }

    private static void checkForward(ReadRequest request) {
        long to = request.getTo();
        if (to != 0 && (request.getFrom() > to || request.getAfter() > to)) {
            throw bad("to", "A forward read does not end before its start.").with("to", to);
        }
        long untilNs = request.getUntilNs();
        if (untilNs != 0 && request.getTime().getRecordedNs() > untilNs) {
            throw bad("until_ns", "A forward read does not end before its start.")
                    .with("until_ns", untilNs);
        }
    }

    private static void checkBackward(ReadRequest request) {
        if (request.getFollow()) {
            throw bad("follow", "Only a forward read can go on live.");
        }
        if (request.hasCursor()) {
            throw bad("cursor", "Only a forward read can start at a cursor.");
        }
        long to = request.getTo();
        if ((request.hasFrom() && request.getFrom() < to) || (request.hasAfter() && request.getAfter() < to)) {
            throw bad("to", "A backward read does not end after its start.").with("to", to);
        }
    }

    private static void notNegative(String field, long value) {
        if (value < 0) {
            throw bad(field, "This must not be negative.").with(field, value);
        }
    }

    private static StoreException bad(String field, String message) {
        return new StoreException(ErrorCode.BAD_REQUEST, message).with("field", field);
    }
}
