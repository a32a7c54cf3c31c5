package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
    private static final Set<String> GRPC_STATUSES = Set.of(
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    @ParameterizedTest
    @EnumSource
    void codesAreErrorsAtBothDoors(ErrorCode code) {
        assertThat(code.httpStatus()).isBetween(400, 599);
        assertThat(GRPC_STATUSES).contains(code.grpcStatus());
    }

    @ParameterizedTest
    @EnumSource
    void whatTheCallerDidWrongHasNoEffectAndIsNotRetried(ErrorCode code) {
        if (code.grpcStatus().equals("INVALID_ARGUMENT")) {
            assertThat(code.outcome()).isEqualTo(Outcome.NOT_DONE);
            assertThat(code.retryable()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTemporaryIsRetryable(ErrorCode code) {
        if (List.of(429, 503, 504).contains(code.httpStatus())) {
            assertThat(code.retryable()).isTrue();
        }
    }

    @Test
    void exceptionSaysCodeMessageAndFactsInOrder() {
        StoreException e = new StoreException(ErrorCode.SEQUENCE_GAP, "Send the expected one first.")
                .with("sequence", 4)
                .with("expected", 2);
        assertThat(e.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
        assertThat(e).hasMessage("Send the expected one first.");
        assertThat(e.facts())
                .containsExactly(java.util.Map.entry("expected", "2"), java.util.Map.entry("sequence", "4"));
        assertThat(e).hasToString("SEQUENCE_GAP: Send the expected one first. {expected=2, sequence=4}");
        assertThatThrownBy(() -> e.facts().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusalCostsNoStackTraceButACauseIsKept() {
        assertThat(new StoreException(ErrorCode.NO_LEADER, "Wait.").getStackTrace())
                .isEmpty();
        Exception cause = new IllegalStateException("why");
        assertThat(new StoreException(ErrorCode.INTERNAL, "A bug.", cause))
                .hasCause(cause)
                .satisfies(e -> assertThat(e.getStackTrace()).isNotEmpty());
    }
}
