package io.eckermann.gateway.read;

/** What one reader was sent and has not taken: told by whoever sends, who alone sees it. Thread safe. */
public interface Untaken {
    /** Of a read that needs not be counted. */
    Untaken NONE = new Untaken() {
        @Override
        public int pageBytes() {
            return ReadMemory.PAGE_BYTES_MAX;
        }

        @Override
        public void left(long bytes, Runnable cutOff) {
            // Nobody counts it.
        }

        @Override
        public void taken() {
            // Nobody counts it.
        }

        @Override
        public void over() {
            // Nobody counts it.
        }
    };

    /** How much to send at once, and to have wait in the transport, at most; one chunk or event may be larger. */
    int pageBytes();

    /**
     * So much more was sent, and the transport takes no more for now.
     *
     * @param cutOff ends the call at once, with all that the transport holds of it; called on any thread
     */
    void left(long bytes, Runnable cutOff);

    /** The transport takes more again. */
    void taken();

    /** The call is over, and the transport holds nothing of it. Again is fine. */
    void over();
}
