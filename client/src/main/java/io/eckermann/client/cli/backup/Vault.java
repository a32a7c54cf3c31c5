package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A place for backups: files under names with slashes. What was put is there whole or not at all. Used by one thread. */
public interface Vault extends AutoCloseable {
    /** Replaces what is there. It stays whatever fails afterwards. */
    void put(String name, Path file) throws IOException;

    /** Fetches into a file that is not there yet; NoSuchFileException when the vault has none of that name. */
    void get(String name, Path to) throws IOException;

    /** The names below a prefix that ends with a slash, sorted. */
    List<String> names(String prefix) throws IOException;

    /** Nothing there is fine. Files go in the order in which they are deleted. */
    void delete(String name) throws IOException;

    /** Takes away what puts have left that broke off, below a prefix. Not while something is put. */
    void tidy(String prefix) throws IOException;

    @Override
    void close() throws IOException;
}
