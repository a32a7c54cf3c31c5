package io.eckermann.statemachine.command;

/** A committed entry that this version cannot read as its writer meant it: going on would let replicas differ. */
public final class UnreadableCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableCommandException(String message) {
        super(message);
    }

    public UnreadableCommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
