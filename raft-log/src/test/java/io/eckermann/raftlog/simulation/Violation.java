package io.eckermann.raftlog.simulation;

/** Says what must hold, in one line; the text is made only when it does not. */
final class Violation {
    private Violation() {}

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is of a library that is not here.
    static void unless(boolean holds, String what, Object... of) {
        if (!holds) {
            throw new AssertionError(String.format(what, of));
        }
    }
}
