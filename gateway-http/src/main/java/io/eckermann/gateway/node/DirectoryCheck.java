package io.eckermann.gateway.node;

import java.nio.file.Path;
import java.util.Map;

/** What the identity of a data directory must say before a node starts with it: each check refuses in one sentence. */
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
}
