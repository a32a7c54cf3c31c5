package io.eckermann.bench.system;

import org.jspecify.annotations.Nullable;

/** Hears what became of one event. */
@FunctionalInterface
public interface Acknowledgement {
    /**
     * The event is acknowledged, or not.
     *
     * @param failure null when it is
     */
    void done(@Nullable Throwable failure);
}
