package io.eckermann.protocol;

/** What the caller of a failed operation may conclude about its effects. */
public enum Outcome {
    /** Nothing was changed, and nothing will be. */
    NOT_DONE,
    /** It may have been done, or may still be: ask, or retry with the same producer sequence. */
    UNKNOWN
}
