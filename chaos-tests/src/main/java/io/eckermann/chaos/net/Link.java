package io.eckermann.chaos.net;

/**
 * What a directed link does to what it carries.
 *
 * @param lossPercent packets lost
 * @param delayMs each packet's delay, give or take the jitter; jitter reorders packets
 * @param duplicatePercent packets carried twice
 * @param corruptPercent packets with one bit flipped
 * @param kbytesPerSecond its speed; 0: no bound
 */
public record Link(
        double lossPercent,
        double delayMs,
        double jitterMs,
        double duplicatePercent,
        double corruptPercent,
        double kbytesPerSecond) {
    public static final Link GOOD = new Link(0, 0, 0, 0, 0, 0);
    public static final Link CUT = new Link(100, 0, 0, 0, 0, 0);

    public boolean isCut() {
        return lossPercent >= 100;
    }
}
