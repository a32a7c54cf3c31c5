package io.eckermann.client.transport;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Outcome;
import io.eckermann.protocol.v1.Problem;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why something did not succeed.
 *
 * @param code a name of {@link ErrorCode}, or one that a newer server invented
 * @param mayBeDone the outcome is unknown
 * @param unreached the node did not answer: the connection failed or broke, or time ran out
 */
public record Failure(
        String code,
        String message,
        Map<String, String> facts,
        boolean retryable,
        boolean mayBeDone,
        boolean unreached,
        @Nullable Throwable cause) {
    private static final Set<ErrorCode> OF_THE_REQUEST = EnumSet.of(
            ErrorCode.BAD_REQUEST,
            ErrorCode.BAD_TOPIC_NAME,
            ErrorCode.MALFORMED_BODY,
            ErrorCode.EMPTY_APPEND,
            ErrorCode.BAD_CHUNK,
            ErrorCode.EVENT_TOO_LARGE,
            ErrorCode.APPEND_TOO_LARGE,
            ErrorCode.SCHEMA_MISMATCH);

    /** What nobody but the node's log can explain. */
    private static final Set<String> OF_THE_LOG = Set.of(ErrorCode.INTERNAL.name(), ErrorCode.DATA_CORRUPT.name());

    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

    public Failure {
        facts = Map.copyOf(facts);
    }

    /** A failure that the client itself found. */
    public static Failure of(ErrorCode code, String message) {
        return new Failure(
                code.name(), message, Map.of(), code.retryable(), code.outcome() == Outcome.UNKNOWN, false, null);
    }

    /** A node was asked and is not there; what it was asked may be done. */
    static Failure unreached(String why) {
        return unreached(why, true, null);
    }

    private static Failure unreached(String why, boolean mayBeDone, @Nullable Throwable cause) {
        String text = "The node could not be reached (" + why + "): check the endpoints and the network.";
        return new Failure(ErrorCode.NOT_READY.name(), text, Map.of(), true, mayBeDone, true, cause);
    }

    /** Whether the same request would be refused at any time by any node, for what it says itself. */
    public boolean isOfTheRequest() {
        return OF_THE_REQUEST.stream().anyMatch(this::is);
    }

    /** Whether it is what an append under its number came to: the number is taken, and a retry gets the same. */
    public boolean isConclusive() {
        return facts.containsKey("sequence_taken");
    }

    /** What a server said about one append of a stream. */
    public static Failure of(Problem problem) {
        return coded(problem.getCode(), problem.getMessage(), problem.getFactsMap(), null);
    }

    /** What ended a call. */
    public static Failure of(Throwable error) {
        if (error instanceof FailedException failed) {
            return failed.failure();
        }
        ErrorInfo info = info(error);
        Status status = Status.fromThrowable(error);
        String description = status.getDescription() == null ? "" : status.getDescription();
        if (info != null) {
            return coded(info.getReason(), description, facts(info, error), error);
        }
        return switch (status.getCode()) {
            // A node says more about its own errors: without that, these two are a connection that broke in mid-call.
            case UNAVAILABLE, UNKNOWN, INTERNAL -> unreached(description, !neverConnected(error), error);
            case DEADLINE_EXCEEDED ->
                new Failure(
                        ErrorCode.COMMIT_TIMED_OUT.name(),
                        "No answer came in time: ask what happened, or allow more time.",
                        Map.of(),
                        true,
                        true,
                        true,
                        error);
            case RESOURCE_EXHAUSTED ->
                new Failure(ErrorCode.OVERLOADED.name(), description, Map.of(), true, true, false, error);
            case CANCELLED -> new Failure(ErrorCode.INTERNAL.name(), description, Map.of(), true, true, true, error);
            case UNIMPLEMENTED ->
                new Failure(
                        ErrorCode.ROUTE_NOT_FOUND.name(),
                        "The endpoint does not know this operation (" + description
                                + "): is it an Eckermann gRPC port?",
                        Map.of(),
                        false,
                        false,
                        false,
                        error);
            default ->
                new Failure(
                        ErrorCode.INTERNAL.name(),
                        status.getCode() + ": " + description,
                        Map.of(),
                        false,
                        true,
                        false,
                        error);
        };
    }

    public Failure with(String fact, Object value) {
        Map<String, String> more = new TreeMap<>(facts);
        more.put(fact, String.valueOf(value));
        return new Failure(code, message, more, retryable, mayBeDone, unreached, cause);
    }

    public Failure withMayBeDone(boolean unknown) {
        return new Failure(code, message, facts, retryable, unknown, unreached, cause);
    }

    /** The same of a read: it changes nothing, so nothing of it may be done. */
    public Failure ofRead() {
        if (!is(ErrorCode.COMMIT_TIMED_OUT)) {
            return withMayBeDone(false);
        }
        ErrorCode late = ErrorCode.READ_TIMED_OUT;
        String text = "The read was not answered in time: repeat it, or allow more time.";
        return new Failure(late.name(), text, facts, late.retryable(), false, unreached, cause);
    }

    public boolean is(ErrorCode other) {
        return code.equals(other.name());
    }

    private static Failure coded(String code, String message, Map<String, String> facts, @Nullable Throwable cause) {
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(code)) {
                boolean unknown = known.outcome() == Outcome.UNKNOWN;
                return new Failure(code, message, facts, known.retryable(), unknown, false, cause);
            }
        }
        return new Failure(code, message, facts, false, true, false, cause);
    }

    private static @Nullable ErrorInfo info(Throwable error) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    try {
                        return detail.unpack(ErrorInfo.class);
                    } catch (InvalidProtocolBufferException e) {
                        return null;
                    }
                }
            }
        }
        return null;
    }

    /** With the id of the request where the node's log says more of it. */
    private static Map<String, String> facts(ErrorInfo info, Throwable error) {
        Metadata trailers = Status.trailersFromThrowable(error);
        String requestId = trailers == null ? null : trailers.get(REQUEST_ID);
        if (requestId == null || !OF_THE_LOG.contains(info.getReason())) {
            return info.getMetadataMap();
        }
        Map<String, String> facts = new TreeMap<>(info.getMetadataMap());
        facts.put("request_id", requestId);
        return facts;
    }

    private static boolean neverConnected(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
