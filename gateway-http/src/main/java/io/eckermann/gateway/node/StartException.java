package io.eckermann.gateway.node;

import org.jspecify.annotations.Nullable;

/** The node can't start; the message is one sentence for the operator that says what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
