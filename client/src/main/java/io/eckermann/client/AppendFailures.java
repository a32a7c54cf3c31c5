package io.eckermann.client;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the client itself says of appends that nobody acknowledged. */
final class AppendFailures {
    /** What somebody has to do something about: there was a leader, and it said so. */
    private static final List<ErrorCode> LASTING =
            List.of(ErrorCode.UNAUTHENTICATED, ErrorCode.DISK_FULL, ErrorCode.CLOCK_OFF);

    private AppendFailures() {}

    static Failure clientClosed() {
        return Failure.of(ErrorCode.NOT_READY, "This client was closed before the append was acknowledged.");
    }

    static Failure behindUnknown() {
        return Failure.of(
                ErrorCode.COMMIT_TIMED_OUT, "An append before this one ended with unknown outcome, hence this too.");
    }

    /** @param last what the last attempt failed with */
    static Failure outOfTime(boolean unknown, @Nullable Failure last, Duration timeout) {
        Failure failure = unknown
                ? Failure.of(
                        ErrorCode.COMMIT_TIMED_OUT,
                        "The append was not acknowledged in time; it may have been recorded: read to find out.")
                : notTaken(last);
        return (last == null ? failure : failure.with("last", last.code() + ": " + last.message()))
                .with("timeout_ms", timeout.toMillis());
    }

    private static Failure notTaken(@Nullable Failure last) {
        if (last != null) {
            for (ErrorCode cause : LASTING) {
                if (last.is(cause)) {
                    return Failure.of(cause, last.message());
                }
            }
        }
        return last != null && last.is(ErrorCode.OVERLOADED)
                ? Failure.of(
                        ErrorCode.OVERLOADED, "The append could not be taken in time: the leader has too much to do.")
                : Failure.of(ErrorCode.NO_LEADER, "The append could not be sent in time: no leader took it.");
    }
}
