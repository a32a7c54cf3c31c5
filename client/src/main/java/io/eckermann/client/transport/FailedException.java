package io.eckermann.client.transport;

/** Carries a {@link Failure} through futures; never seen by applications. */
public final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public FailedException(Failure failure) {
        super(failure.message(), failure.cause(), false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
