package io.eckermann.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows of itself to be let in: a key of the cluster, or a token of whoever the cluster trusts. Safe from any
 * thread. Shows nothing of itself in logs.
 */
public final class Credentials {
    private final Supplier<String> shown;

    private Credentials(Supplier<String> shown) {
        this.shown = shown;
    }

    /** A key, {@code eck_…}, or a token that never changes. */
    public static Credentials of(String keyOrToken) {
        String text = checked(keyOrToken);
        return new Credentials(() -> text);
    }

    /**
     * What is in a file, read anew when that changes, as tokens do that somebody else renews.
     *
     * @throws IllegalArgumentException when it can't be read now
     */
    public static Credentials file(Path file) {
        try {
            KeptFile kept = new KeptFile(file);
            var unused = kept.get();
            return new Credentials(kept);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException("The credentials in " + file + " cannot be read.", e);
        }
    }

    /** Asked for each call; must not block. */
    public static Credentials from(Supplier<String> keyOrToken) {
        return new Credentials(() -> checked(keyOrToken.get()));
    }

    Supplier<String> shown() {
        return shown;
    }

    /** A line feed would begin another header. */
    private static String checked(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("A key or token is visible ASCII characters and nothing else.");
        }
        return stripped;
    }

    private static final class KeptFile implements Supplier<String> {
        private final Path file;
        /** Under the lock of this object, from here on. */
        private @Nullable FileTime read;

        private String text = "";

        KeptFile(Path file) {
            this.file = file;
        }

        @Override
        public synchronized String get() {
            try {
                FileTime now = Files.getLastModifiedTime(file);
                if (!now.equals(read)) {
                    text = checked(Files.readString(file));
                    read = now;
                }
            } catch (IOException e) {
                // While it is replaced, what was read before may still be good.
                if (read == null) {
                    throw new UncheckedIOException(e);
                }
            }
            return text;
        }
    }

    @Override
    public String toString() {
        return "credentials";
    }
}
