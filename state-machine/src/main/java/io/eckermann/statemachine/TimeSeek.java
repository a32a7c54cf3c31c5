package io.eckermann.statemachine;

/** Which event a time names when none was recorded at exactly that nanosecond. */
public enum TimeSeek {
    /** The first recorded then or later. */
    AT_OR_AFTER,
    /** The last recorded then or earlier. */
    AT_OR_BEFORE,
    /** The nearest; of two equally near, the earlier. */
    NEAREST
}
