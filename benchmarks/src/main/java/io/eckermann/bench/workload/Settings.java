package io.eckermann.bench.workload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a run is made.
 *
 * @param warm how long each load runs before it is measured
 * @param measure how long it is measured
 * @param repeats how often each workload is measured on each system
 * @param directory where systems keep their data meanwhile
 * @param windowBytes how much each producer of A has under way
 * @param topicPrefix what the names of this run's topics begin with
 * @param readBytes how much D reads
 * @param topicCounts the numbers of topics of H
 * @param storedGigabytes how much is stored before, in H
 */
public record Settings(
        Duration warm,
        Duration measure,
        int repeats,
        Path directory,
        int windowBytes,
        String topicPrefix,
        long readBytes,
        List<Integer> topicCounts,
        List<Integer> storedGigabytes) {
    /** The name of the i-th topic. */
    String topic(int i) {
        return i < 0 ? topicPrefix + "before" : topicPrefix + i;
    }
}
