package io.eckermann.client;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A refused or failed operation. Subclasses group the codes by what a caller can do; the code says exactly which.
 * The message is one sentence that says what was wrong and what to do.
 */
public class EckermannException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final TreeMap<String, String> facts;
    private final boolean retryable;
    private final boolean outcomeUnknown;

    EckermannException(
            String code,
            String message,
            Map<String, String> facts,
            boolean retryable,
            boolean outcomeUnknown,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.facts = new TreeMap<>(facts);
        this.retryable = retryable;
        this.outcomeUnknown = outcomeUnknown;
    }

    /** The name of an error code, e.g. {@code TOPIC_NOT_FOUND}; a newer server may send names not known yet. */
    public final String code() {
        return code;
    }

    /** What belongs to the error, e.g. {@code expected} and {@code position}; sorted by name. */
    public final SortedMap<String, String> facts() {
        return Collections.unmodifiableSortedMap(facts);
    }

    /** Whether the same request may succeed later. The client itself has retried until the request timeout. */
    public final boolean retryable() {
        return retryable;
    }

    /** False: nothing was changed and nothing will be. True: it may have been done, or may still be. */
    public final boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String toString() {
        return code + ": " + getMessage() + (facts.isEmpty() ? "" : " " + facts);
    }

    /** The request can't be fulfilled as it is: change it. */
    public static final class Invalid extends EckermannException {
        private static final long serialVersionUID = 1L;

        Invalid(
                String code,
                String message,
                Map<String, String> facts,
                boolean retryable,
                boolean outcomeUnknown,
                @Nullable Throwable cause) {
            super(code, message, facts, retryable, outcomeUnknown, cause);
        }
    }

    /** The topic, cursor or event does not exist. */
    public static final class NotFound extends EckermannException {
        private static final long serialVersionUID = 1L;

        NotFound(
                String code,
                String message,
                Map<String, String> facts,
                boolean retryable,
                boolean outcomeUnknown,
                @Nullable Throwable cause) {
            super(code, message, facts, retryable, outcomeUnknown, cause);
        }
    }

    /** A condition of the append does not hold: nothing was appended. Read what came since, and decide anew. */
    public static final class ConditionFailed extends EckermannException {
        private static final long serialVersionUID = 1L;

        ConditionFailed(
                String code,
                String message,
                Map<String, String> facts,
                boolean retryable,
                boolean outcomeUnknown,
                @Nullable Throwable cause) {
            super(code, message, facts, retryable, outcomeUnknown, cause);
        }

        /** The topic's head when the append was judged; 0 of a step, which may be to several topics. */
        public long head() {
            return Long.parseLong(facts().getOrDefault("head", "0"));
        }

        /** Every condition that does not hold. */
        public List<ConditionConflict> conflicts() {
            String text = facts().get(io.eckermann.protocol.Conflict.FACT);
            return text == null
                    ? List.of()
                    : io.eckermann.protocol.Conflict.parse(text).stream()
                            .map(ConditionConflict::of)
                            .toList();
        }
    }

    /** Something else is there than the request expected: look again, then decide. */
    public static final class Conflict extends EckermannException {
        private static final long serialVersionUID = 1L;

        Conflict(
                String code,
                String message,
                Map<String, String> facts,
                boolean retryable,
                boolean outcomeUnknown,
                @Nullable Throwable cause) {
            super(code, message, facts, retryable, outcomeUnknown, cause);
        }
    }

    /** The cluster can't do it now: no leader, overloaded, starting, too slow. Later it may. */
    public static final class Unavailable extends EckermannException {
        private static final long serialVersionUID = 1L;

        Unavailable(
                String code,
                String message,
                Map<String, String> facts,
                boolean retryable,
                boolean outcomeUnknown,
                @Nullable Throwable cause) {
            super(code, message, facts, retryable, outcomeUnknown, cause);
        }
    }
}
