package io.eckermann.gateway.schemas;

/** How many steps comparing may still take, over all payloads that share this. Used by one thread at a time. */
final class Steps {
    /** Some for each event of the largest append, and about a second. */
    private static final int USUAL = 5_000_000;

    private int left;

    Steps() {
        this(USUAL);
    }

    Steps(int left) {
        this.left = left;
    }

    /** It is more than comparing may take. */
    static final class ExceededException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExceededException() {
            super("too many steps", null, false, false);
        }
    }

    void take() {
        if (left-- <= 0) {
            throw new ExceededException();
        }
    }
}
