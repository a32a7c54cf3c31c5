package io.eckermann.raftlog.segment;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The Raft log is not whole: its node may have acknowledged what it no longer has, and must not vote as who it was. */
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(String message) {
        super(message);
    }

    /** Whether that is why something failed. */
    public static boolean isCauseOf(@Nullable Throwable failure) {
        Throwable each = failure;
        while (each != null && !(each instanceof DamagedLogException)) {
            each = each.getCause();
        }
        return each != null;
    }
}
