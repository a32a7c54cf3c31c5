package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's cache of file contents. */
public final class PageCache {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    /** Writes dirty pages out and empties the cache. False when this process may not, which only root may. */
    public static boolean drop() throws InterruptedException {
        try {
            if (new ProcessBuilder("sync").start().waitFor() != 0) {
                return false;
            }
            Files.writeString(DROP, "3");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
