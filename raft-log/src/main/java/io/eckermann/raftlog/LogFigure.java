package io.eckermann.raftlog;

import org.jspecify.annotations.Nullable;

/**
 * One number that the machinery of the log counts about itself.
 *
 * @param name unique together with the peer; durations are in seconds, sizes in bytes
 * @param peer the other member it is about; empty when it is about this one
 * @param value of a counter or a gauge; of durations, how many were measured
 * @param times null unless durations are measured
 */
public record LogFigure(
        String name,
        String help,
        Kind kind,
        String peer,
        double value,
        @Nullable Times times) {
    /** How the number behaves. */
    public enum Kind {
        /** Only grows while the node runs. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Durations: how many there were, and how long lately. */
        TIMER
    }

    /** Durations of the last minutes, in seconds. */
    public record Times(double median, double p99, double max) {}
}
