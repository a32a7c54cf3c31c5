package io.eckermann.protocol;

import static io.eckermann.protocol.Outcome.NOT_DONE;
import static io.eckermann.protocol.Outcome.UNKNOWN;

/**
 * Every error a caller can meet, the same at both doors. The name is part of the API: it travels as {@code code} in
 * HTTP problems and as {@code reason} in {@code google.rpc.ErrorInfo}.
 */
public enum ErrorCode {
    /** A parameter is missing, malformed, contradictory or out of its range. */
    BAD_REQUEST(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The topic's name breaks the rules of {@link Names#topic}. */
    BAD_TOPIC_NAME(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The body is not what its content type says, or ends too early. */
    MALFORMED_BODY(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** An append must hold at least one event. */
    EMPTY_APPEND(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** A chunk's bytes do not match its checksum or its count. */
    BAD_CHUNK(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The schema does not parse, or refers to something outside of itself. */
    BAD_SCHEMA(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** An event's payload is not what the schema of its type says, or its type has none where it must. */
    SCHEMA_MISMATCH(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The expression that a read is filtered by does not compile. */
    BAD_FILTER(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** Computing the filter would cost too much for each event. */
    FILTER_TOO_COSTLY(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** One event is larger than its topic allows. */
    EVENT_TOO_LARGE(413, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The events of one append are together larger than {@link Limits#APPEND_BYTES_MAX}. */
    APPEND_TOO_LARGE(413, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The door does not read this content type. */
    UNSUPPORTED_MEDIA_TYPE(415, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The door does not write any format that the Accept header allows. */
    NOT_ACCEPTABLE(406, "INVALID_ARGUMENT", NOT_DONE, false),
    /** No credentials where some are needed, or such as open nothing: unknown, revoked, expired, or not to be verified. */
    UNAUTHENTICATED(401, "UNAUTHENTICATED", NOT_DONE, false),
    /** The caller may not do this. */
    FORBIDDEN(403, "PERMISSION_DENIED", NOT_DONE, false),
    /** There is no such key. */
    KEY_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** There are as many keys, or subjects with rules, as there may be. */
    TOO_MANY_KEYS(409, "FAILED_PRECONDITION", NOT_DONE, false),
    /** No such route. */
    ROUTE_NOT_FOUND(404, "UNIMPLEMENTED", NOT_DONE, false),
    /** The route does not know this method. */
    METHOD_NOT_ALLOWED(405, "UNIMPLEMENTED", NOT_DONE, false),
    TOPIC_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    TOPIC_EXISTS(409, "ALREADY_EXISTS", NOT_DONE, false),
    CURSOR_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** The event type has no such schema. */
    SCHEMA_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** The topic has as many schemas as it may. */
    TOO_MANY_SCHEMAS(409, "FAILED_PRECONDITION", NOT_DONE, false),
    /** The topic has no such webhook. */
    WEBHOOK_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** The webhook exists with other settings. */
    WEBHOOK_EXISTS(409, "ALREADY_EXISTS", NOT_DONE, false),
    /** The webhook was changed just now. */
    WEBHOOK_CHANGED(409, "ABORTED", NOT_DONE, true),
    /** The address does not say that it wants events, or may not be sent any. */
    WEBHOOK_REFUSED(422, "FAILED_PRECONDITION", NOT_DONE, false),
    /** There are as many webhooks as there may be. */
    TOO_MANY_WEBHOOKS(409, "FAILED_PRECONDITION", NOT_DONE, false),
    /** No event has this position. */
    EVENT_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** The position is beyond the head, or before the first event kept, and exactly that was asked for. */
    POSITION_OUT_OF_RANGE(416, "OUT_OF_RANGE", NOT_DONE, false),
    /** An event of the topic has the id already, and the topic's ids are unique. */
    EVENT_ID_EXISTS(409, "ALREADY_EXISTS", NOT_DONE, false),
    /** The topic's settings were changed just now. */
    TOPIC_CHANGED(409, "ABORTED", NOT_DONE, true),
    /** An append to several topics is to topics of one shard. */
    TOPICS_APART(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** Other events beside this one were deleted just now. */
    EVENT_CHANGED(409, "ABORTED", NOT_DONE, true),
    /** The cursor is not where the commit expected it. */
    CURSOR_MOVED(409, "ABORTED", NOT_DONE, false),
    /** The commit would move the cursor back, and does not say that it may. */
    CURSOR_WOULD_REWIND(409, "ABORTED", NOT_DONE, false),
    /** A cursor can't be beyond its topic's head. */
    CURSOR_BEYOND_HEAD(400, "INVALID_ARGUMENT", NOT_DONE, false),
    GROUP_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    GROUP_EXISTS(409, "ALREADY_EXISTS", NOT_DONE, false),
    /** The lease has ended, was settled already, or never was this one: another member may have the events. */
    LEASE_LOST(409, "ABORTED", NOT_DONE, false),
    /** The group has parked events, which would be forgotten. */
    GROUP_HAS_PARKED(409, "ABORTED", NOT_DONE, false),
    /** The cluster has no such node. */
    NODE_NOT_FOUND(404, "NOT_FOUND", NOT_DONE, false),
    /** Another change of the cluster's members is under way. */
    MEMBERS_CHANGING(409, "ABORTED", NOT_DONE, true),
    /** Too few of the members that would be left are ready. */
    MAJORITY_AT_RISK(409, "FAILED_PRECONDITION", NOT_DONE, false),
    /** The node can't be a member of this cluster, or not under this address. */
    NODE_REFUSED(409, "FAILED_PRECONDITION", NOT_DONE, false),
    /** The producer's sequence was accepted before with other events. */
    SEQUENCE_REUSED(422, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The producer's sequence skips some: send those first. */
    SEQUENCE_GAP(409, "ABORTED", NOT_DONE, true),
    /** The idempotency key was accepted before with other events or conditions. */
    IDEMPOTENCY_KEY_REUSED(422, "INVALID_ARGUMENT", NOT_DONE, false),
    /** A condition of the append does not hold; the facts tell of every one that does not, see {@link Conflict}. */
    CONDITION_FAILED(412, "FAILED_PRECONDITION", NOT_DONE, false),
    /** Judging the append's conditions would look at too much of the index. */
    CONDITION_TOO_COSTLY(400, "INVALID_ARGUMENT", NOT_DONE, false),
    /** The producer's sequence is so old that its result is no longer kept: it was accepted once. */
    SEQUENCE_TOO_OLD(409, "ABORTED", NOT_DONE, false),
    /** This node has not reached the position asked for within the time given. */
    NOT_CAUGHT_UP(504, "DEADLINE_EXCEEDED", NOT_DONE, true),
    /** No node answered the read within the time given. */
    READ_TIMED_OUT(504, "DEADLINE_EXCEEDED", NOT_DONE, true),
    /** Too many bytes are in flight, or the quota of the caller or the topic is used up for now. */
    OVERLOADED(429, "RESOURCE_EXHAUSTED", NOT_DONE, true),
    /** No leader is known: an election is under way, or a majority is out of reach. */
    NO_LEADER(503, "UNAVAILABLE", NOT_DONE, true),
    /** This node is not, or no longer, the leader. */
    NOT_LEADER(503, "UNAVAILABLE", NOT_DONE, true),
    /** The node is starting, or stopping. */
    NOT_READY(503, "UNAVAILABLE", NOT_DONE, true),
    /** Not all nodes of the cluster know this yet: the last one has not been upgraded. */
    UPGRADE_UNFINISHED(503, "UNAVAILABLE", NOT_DONE, true),
    /** The leader's clock is too far from its peers' or from the times it recorded. */
    CLOCK_OFF(503, "UNAVAILABLE", NOT_DONE, true),
    /** The disk has no room left for writes; reads go on. */
    DISK_FULL(503, "UNAVAILABLE", NOT_DONE, true),
    /** The write was proposed, but its outcome did not become known in time. */
    COMMIT_TIMED_OUT(504, "DEADLINE_EXCEEDED", UNKNOWN, true),
    /** Leadership changed while the write was under way. */
    LEADER_CHANGED(503, "UNAVAILABLE", UNKNOWN, true),
    /** Stored bytes do not match their checksum. */
    DATA_CORRUPT(500, "DATA_LOSS", NOT_DONE, false),
    /** A bug. The message says which. */
    INTERNAL(500, "INTERNAL", UNKNOWN, false);

    private final int httpStatus;
    private final String grpcStatus;
    private final Outcome outcome;
    private final boolean retryable;

    ErrorCode(int httpStatus, String grpcStatus, Outcome outcome, boolean retryable) {
        this.httpStatus = httpStatus;
        this.grpcStatus = grpcStatus;
        this.outcome = outcome;
        this.retryable = retryable;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The name of the gRPC status code, e.g. {@code NOT_FOUND}. */
    public String grpcStatus() {
        return grpcStatus;
    }

    public Outcome outcome() {
        return outcome;
    }

    /**
     * Whether the same request may succeed later. A retry of an append whose outcome is unknown is safe only with a
     * producer sequence.
     */
    public boolean retryable() {
        return retryable;
    }
}
