package io.eckermann.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.eckermann.gateway.Failures;
import io.eckermann.protocol.Conflict;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Problem;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;

/** Errors as gRPC callers see them: a status, with {@code google.rpc.ErrorInfo} and {@code RetryInfo} as details. */
public final class GrpcErrors {
    /** The domain of every reason in an ErrorInfo. */
    public static final String DOMAIN = "eckermann.io";

    /** Beyond it the conflicts are a fact alone: clients take about 8 KiB of trailers, and these come twice as long. */
    private static final int CONFLICTS_CHARS_MAX = 2_000;

    private GrpcErrors() {}

    /** The failure as a status; what is not a StoreException becomes INTERNAL. */
    public static StatusRuntimeException toStatus(Throwable failure) {
        StoreException exception = Failures.storeException(failure);
        ErrorCode code = exception.code();
        Status.Builder status = Status.newBuilder()
                .setCode(Code.valueOf(code.grpcStatus()).getNumber())
                .setMessage(exception.getMessage())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(code.name())
                        .setDomain(DOMAIN)
                        .putAllMetadata(exception.facts())
                        .build()));
        String conflicts = exception.facts().get(Conflict.FACT);
        if (conflicts != null && conflicts.length() <= CONFLICTS_CHARS_MAX) {
            status.addDetails(Any.pack(violations(Conflict.parse(conflicts))));
        }
        if (code.retryable()) {
            status.addDetails(Any.pack(
                    RetryInfo.newBuilder().setRetryDelay(retryDelay(exception)).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** Every condition that does not hold. */
    private static PreconditionFailure violations(List<Conflict> conflicts) {
        PreconditionFailure.Builder failure = PreconditionFailure.newBuilder();
        for (Conflict conflict : conflicts) {
            failure.addViolationsBuilder()
                    .setType(conflict.type())
                    .setSubject((conflict.topic().isEmpty() ? "" : conflict.topic() + ": ") + "conditions["
                            + conflict.condition() + "]")
                    .setDescription("first " + conflict.first() + ", last " + conflict.last());
        }
        return failure.build();
    }

    /** The failure as a message, where it does not end the call. */
    static Problem toProblem(Throwable failure) {
        StoreException exception = Failures.storeException(failure);
        return Problem.newBuilder()
                .setCode(exception.code().name())
                .setMessage(exception.getMessage())
                .putAllFacts(exception.facts())
                .build();
    }

    private static Duration retryDelay(StoreException failure) {
        long millis = Failures.retryAfterMs(failure);
        return Duration.newBuilder()
                .setSeconds(millis / 1_000)
                .setNanos((int) (millis % 1_000) * 1_000_000)
                .build();
    }
}
