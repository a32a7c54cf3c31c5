package io.eckermann.client;

import java.util.OptionalLong;

/**
 * What a cursor's commit insists on and what it may do.
 *
 * @param expected when present, the commit is refused (CURSOR_MOVED) unless the cursor is there; 0: it does not exist
 * @param allowRewind whether the cursor may go back; refused (CURSOR_WOULD_REWIND) otherwise
 */
public record CommitOptions(OptionalLong expected, boolean allowRewind) {
    /** Forward only, from wherever the cursor is. */
    public static final CommitOptions DEFAULTS = new CommitOptions(OptionalLong.empty(), false);

    public CommitOptions withExpected(long position) {
        return new CommitOptions(OptionalLong.of(position), allowRewind);
    }

    public CommitOptions withRewind() {
        return new CommitOptions(expected, true);
    }
}
