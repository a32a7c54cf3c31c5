package io.eckermann.statemachine;

/** The disk or the store failed while state was being changed: this replica can no longer be trusted to be right. */
public final class StorageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
