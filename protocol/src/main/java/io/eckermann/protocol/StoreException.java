package io.eckermann.protocol;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A refused or failed operation: a code to act on, one sentence for people that says what was wrong and what to do,
 * and the facts beside it. Not a bug, so it carries no stack trace unless it has a cause.
 */
public final class StoreException extends RuntimeException {
    /** A fact: in how many milliseconds the same request may succeed. */
    public static final String RETRY_AFTER_MS = "retry_after_ms";

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final TreeMap<String, String> facts = new TreeMap<>();

    public StoreException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public StoreException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause, false, cause != null);
        this.code = code;
    }

    /** Adds a fact; returns this. Not thread safe: done before it is thrown. */
    public StoreException with(String name, Object value) {
        facts.put(name, String.valueOf(value));
        return this;
    }

    public ErrorCode code() {
        return code;
    }

    /** Sorted by name. */
    public SortedMap<String, String> facts() {
        return Collections.unmodifiableSortedMap(facts);
    }

    /** Never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String toString() {
        return code + ": " + getMessage() + (facts.isEmpty() ? "" : " " + facts);
    }
}
