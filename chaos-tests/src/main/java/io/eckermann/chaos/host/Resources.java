package io.eckermann.chaos.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a run makes outside of its own memory. Each is written to {@code resources.edn} before it is made, and removed in
 * the reverse order at the end, however the run ends. What a run is killed too hard to remove, the kernel does: all is in
 * namespaces that end with their last process. All methods may be called from any thread.
 */
public final class Resources implements AutoCloseable {
    /** Makes or removes a thing. */
    @FunctionalInterface
    public interface Act {
        void run() throws Exception;
    }

    private record Made(String what, Act removal) {}

    private final Path file;
    private final Deque<Made> made = new ArrayDeque<>();

    private @Nullable Thread atExit;

    public Resources(Path file) {
        this.file = file;
    }

    /** The same; what is there still when this JVM ends, in whatever way but a kill -9, is removed then. */
    public static Resources removedAtExit(Path file) {
        Resources resources = new Resources(file);
        Thread hook = new Thread(resources::removeAll, "clean-up");
        resources.atExit = hook;
        Runtime.getRuntime().addShutdownHook(hook);
        return resources;
    }

    /** Records a thing, makes it, and remembers how it is removed. */
    public synchronized void make(String kind, String what, Act making, Act removal) throws Exception {
        note(kind, what, "make");
        made.push(new Made(kind + " " + what, removal));
        making.run();
    }

    private void note(String kind, String what, String act) {
        try {
            Files.writeString(
                    file,
                    "{:time \"%s\", :act :%s, :kind :%s, :name \"%s\"}%n".formatted(Instant.now(), act, kind, what),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        removeAll();
        if (atExit != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                // This JVM is ending, and the hook finds nothing to do.
            }
        }
    }

    /** Removes everything; what can't be removed is named on stderr, and the rest goes on. */
    public synchronized void removeAll() {
        while (!made.isEmpty()) {
            Made last = made.pop();
            try {
                last.removal().run();
                note("any", last.what(), "remove");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                System.err.println("chaos: could not remove " + last.what() + ": " + e.getMessage());
            }
        }
    }
}
