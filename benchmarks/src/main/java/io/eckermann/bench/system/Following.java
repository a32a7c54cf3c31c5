package io.eckermann.bench.system;

/** A reader that follows a topic until it is closed. */
@FunctionalInterface
public interface Following extends AutoCloseable {
    @Override
    void close();
}
