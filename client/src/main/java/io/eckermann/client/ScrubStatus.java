package io.eckermann.client;

/**
 * How a node reads through what it keeps.
 *
 * @param segments of the round that runs, or ran last; segmentsDone, how many of them are read
 * @param damaged segments that were found damaged since the node started; mended, how many of them are whole again
 */
public record ScrubStatus(State state, int segments, int segmentsDone, int damaged, int mended) {
    /** What it does now. */
    public enum State {
        IDLE,
        RUNNING,
        STOPPED
    }
}
