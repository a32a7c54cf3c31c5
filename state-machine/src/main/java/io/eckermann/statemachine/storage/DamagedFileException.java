package io.eckermann.statemachine.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file does not hold what was written to it, or is not there any more. Not that it could not be read (a disk that is full, or gives
 * errors, or a missing permission), nor that it is of another version.
 */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The segments of the log that the state has taken over. */
    public static final String KEPT_LOG = "kept log";

    public static final String SNAPSHOT = "snapshot";
    public static final String INDEX = "index";
    public static final String VOTE = "vote";

    private final String part;

    /**
     * Names the file.
     *
     * @param part which part of what a node holds that belongs to, in a word or two
     * @param message a sentence for the operator
     */
    public DamagedFileException(String part, String message) {
        this(part, message, null);
    }

    /** The same, with what it was noticed by. */
    public DamagedFileException(String part, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.part = part;
    }

    /** Events are in that file alone. */
    public static DamagedFileException ofKeptLog(String what) {
        return ofKeptLog(what, null);
    }

    /** The same, with what it was noticed by. */
    public static DamagedFileException ofKeptLog(String what, @Nullable Throwable cause) {
        return new DamagedFileException(
                KEPT_LOG,
                what + ": restore the file, or move the node's data away and let it be rebuilt from its peers.",
                cause);
    }

    /** Which part is damaged if that is why something failed; else empty. */
    public static String partIn(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof DamagedFileException damage) {
                return damage.part;
            }
        }
        return "";
    }
}
