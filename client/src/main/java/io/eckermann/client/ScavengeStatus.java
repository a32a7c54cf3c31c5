package io.eckermann.client;

/**
 * How one node gives back the space that dead events take.
 *
 * @param deadBytes of bodies in kept segments that nobody needs, as of the last look
 * @param segments that the round under way writes anew or drops
 * @param segmentsDone how many of them are done
 * @param freedBytes since the node started
 */
public record ScavengeStatus(State state, long deadBytes, int segments, int segmentsDone, long freedBytes) {
    /** What it does. */
    public enum State {
        /** It looks again after a while. */
        IDLE,
        RUNNING,
        /** Until it is told to start. */
        STOPPED
    }
}
