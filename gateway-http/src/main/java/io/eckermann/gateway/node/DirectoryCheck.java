package io.eckermann.gateway.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** What a node's data directory must have, and be, before the node starts with it: each check refuses in one sentence. */
final class DirectoryCheck {
    private static final String FORMAT = "1";
    private static final String FORMAT_OF_SHARDS = "2";

    private DirectoryCheck() {}

    /** Versions that know of one shard only must not begin with one of several. */
    static String format(int shards) {
        return shards == 1 ? FORMAT : FORMAT_OF_SHARDS;
    }

    static void requireFormat(Path root, String found) throws StartException {
        if (!found.equals(FORMAT) && !found.equals(FORMAT_OF_SHARDS)) {
            throw new StartException(
                    "The data directory " + root + " has format " + found + ", this version reads up to "
                            + FORMAT_OF_SHARDS + ": start the version that wrote it, or a newer one.",
                    null);
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return true;
        }
        try (Stream<Path> content = Files.list(directory)) {
            return content.findAny().isEmpty();
        }
    }

    static void expect(Path root, String name, String wanted, Map<String, String> identity) throws StartException {
        String found = identity.get(name);
        if (!wanted.equals(found)) {
            throw new StartException(
                    "The data directory " + root + " has " + name + " " + found + ", but this node is configured for "
                            + wanted + "; correct the configuration, or name another directory with"
                            + " node.data-directory.",
                    null);
        }
    }

    /** Its log would be taken for that of a node which never voted in the shard. */
    static void requireState(Path shard) throws IOException, StartException {
        if (isEmpty(shard.resolve("state"))) {
            throw new StartException(
                    "The directory " + shard
                            + " of one of this node's shards is missing or empty; restore it from where it"
                            + " went: starting without it could lose acknowledged events.",
                    null);
        }
    }

    /** A crash between the identity's writing and the last state's leaves less than the node is to begin with. */
    static void requireRestored(Path root, int shards, Map<String, String> identity)
            throws IOException, StartException {
        for (int shard = 0; shard < shards; shard++) {
            if (!identity.getOrDefault("restored", "").isEmpty() && isEmpty(DataDirectory.state(root, shard))) {
                throw new StartException(
                        "The data directory " + root + " was to begin with a restored state, but that ("
                                + root.relativize(DataDirectory.state(root, shard))
                                + "/) is missing: restore once more.",
                        null);
            }
        }
    }
}
