package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.NodeProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node's process may use at most, as it follows from how it is run: what its JVM may have, what the index has beside, and
 * what so many clients ask for.
 *
 * @param rssKib memory
 * @param files open ones, sockets too
 * @param diskKib of its data
 */
record Ceilings(long rssKib, long files, long threads, long diskKib) {
    private static final long KIB_OF_MIB = 1024;
    /** {@code -XX:MaxDirectMemorySize} of the node's own options. */
    private static final long DIRECT_MIB = 256;
    /** Blocks and rows not yet flushed: {@code StorageSettings}. */
    private static final long INDEX_MIB = 64;
    /** Classes and compiled code, about 100 MB, and stacks. */
    private static final long JVM_MIB = 160;
    /** {@code setMaxOpenFiles} of the index. */
    private static final long TABLES = 512;
    /** Jars, archives, segments and logs. */
    private static final long JVM_FILES = 192;
    /** The doors, Raft and the index have pools, which grow with the processors and with calls under way. */
    private static final long POOLS = 160;

    private static final int THREADS_OF_A_PROCESSOR = 16;

    /**
     * Of a node among others.
     *
     * @param connections that clients keep to it
     * @param diskBytes of its disk
     * @param freeMinBytes with less room than that it takes no appends
     */
    static Ceilings of(NodeProgram program, int processors, int connections, long diskBytes, long freeMinBytes) {
        return new Ceilings(
                (heapMib(program.options()) + DIRECT_MIB + INDEX_MIB + JVM_MIB) * KIB_OF_MIB,
                TABLES + JVM_FILES + connections,
                POOLS + (long) THREADS_OF_A_PROCESSOR * processors,
                (diskBytes - freeMinBytes) / 1024);
    }

    private static long heapMib(List<String> options) {
        return options.stream()
                .filter(option -> option.matches("-Xmx[0-9]+m"))
                .mapToLong(option -> Long.parseLong(option.substring(4, option.length() - 1)))
                .max()
                .orElseThrow(() -> new IllegalArgumentException("No heap in MiB (-Xmx…m) is among " + options));
    }

    /** As in test.edn. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rss-kib", rssKib);
        figures.put("files", files);
        figures.put("threads", threads);
        figures.put("disk-kib", diskKib);
        return figures;
    }
}
