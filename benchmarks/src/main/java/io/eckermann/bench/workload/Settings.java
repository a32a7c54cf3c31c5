package io.eckermann.bench.workload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a run is made.
 *
 * @param warm how long the first load on a started system runs before it is measured
 * @param next how long each further load of the same kind does
 * @param measure how long it is measured
 * @param repeats how often each workload is measured on each system
 * @param fresh whether each workload gets a freshly started system
 * @param skipped what is left out: the name of a system, a colon, and the name of a workload or what it begins with
 * @param directory where systems keep their data meanwhile
 * @param windowBytes how much each producer of A has under way
 * @param topicPrefix what the names of this run's topics begin with
 * @param readBytes how much D reads
 * @param topicCounts the numbers of topics of H
 * @param storedGigabytes how much is stored before, in H, besides nothing
 * @param storedEvents how many events the topic holds before, in G, besides none
 */
public record Settings(
        Duration warm,
        Duration next,
        Duration measure,
        int repeats,
        boolean fresh,
        List<String> skipped,
        Path directory,
        int windowBytes,
        String topicPrefix,
        long readBytes,
        List<Integer> topicCounts,
        List<Integer> storedGigabytes,
        List<Long> storedEvents) {
    /** Whether this workload is left out on this system. */
    boolean skips(String system, String workload) {
        return skipped.stream().anyMatch(each -> {
            int colon = each.indexOf(':');
            return each.substring(0, Math.max(0, colon)).equals(system)
                    && Workloads.means(each.substring(colon + 1), workload);
        });
    }
}
