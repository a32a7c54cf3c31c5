package io.eckermann.bench.shards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What was measured of one load, with so many shards and so much under way of each producer.
 *
 * @param windowKib KiB that each producer has under way
 * @param bytesPerSecond payload, acknowledged
 * @param entriesPerSecond of all shards together
 * @param leaderSeconds processor time per GB of the node that proposed most entries; with several shards all nodes do
 * @param followerSeconds the same of the others, on average
 * @param clientSeconds the same of the load generator
 * @param forcesPerSecond of a node, on average
 * @param otherPercent of the machine's processor time that neither nodes nor load used
 */
record MeasuredRow(
        int shards,
        int windowKib,
        double bytesPerSecond,
        double entriesPerSecond,
        double leaderSeconds,
        double followerSeconds,
        double clientSeconds,
        double forcesPerSecond,
        double otherPercent) {
    static final String HEADER =
            "shards,window_kib,bytes_per_s,entries_per_s,leader_cpu_s_per_gb,follower_cpu_s_per_gb,"
                    + "client_cpu_s_per_gb,forces_per_s_and_node,other_cpu_percent";

    /** In one line of a file. */
    String csv() {
        return String.format(
                Locale.ROOT,
                "%d,%d,%.0f,%.1f,%.2f,%.2f,%.2f,%.1f,%.0f",
                shards,
                windowKib,
                bytesPerSecond,
                entriesPerSecond,
                leaderSeconds,
                followerSeconds,
                clientSeconds,
                forcesPerSecond,
                otherPercent);
    }

    double entryBytes() {
        return bytesPerSecond / entriesPerSecond;
    }

    /** Of a file of such lines; others, which begin with #, or name the columns, are passed over. */
    static List<MeasuredRow> read(Path file) throws IOException {
        List<MeasuredRow> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                rows.add(of(Arrays.stream(line.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray()));
            }
        }
        return rows;
    }

    private static MeasuredRow of(double[] field) {
        return new MeasuredRow(
                (int) field[0], (int) field[1], field[2], field[3], field[4], field[5], field[6], field[7], field[8]);
    }
}
