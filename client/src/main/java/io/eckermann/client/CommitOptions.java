package io.eckermann.client;

import java.util.OptionalLong;

/**
 * What a cursor's commit insists on and what it may do.
 *
 * @param expected when present, the commit is refused (CURSOR_MOVED) unless the cursor is there; 0: it does not exist
 * @param allowRewind whether the cursor may go back; refused (CURSOR_WOULD_REWIND) otherwise
 * @param nearest whether a position that does not exist leads to the nearest that does; refused (CURSOR_BEYOND_HEAD)
 *     otherwise
 */
public record CommitOptions(OptionalLong expected, boolean allowRewind, boolean nearest) {
    /** Forward only, from wherever the cursor is, to where it is asked for and nowhere else. */
    public static final CommitOptions DEFAULTS = new CommitOptions(OptionalLong.empty(), false, false);

    public CommitOptions withExpected(long position) {
        return new CommitOptions(OptionalLong.of(position), allowRewind, nearest);
    }

    public CommitOptions withRewind() {
        return new CommitOptions(expected, true, nearest);
    }

    public CommitOptions withNearest() {
        return new CommitOptions(expected, allowRewind, true);
    }
}
