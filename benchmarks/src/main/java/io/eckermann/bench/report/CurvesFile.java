package io.eckermann.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Every row's rate over time as lines of CSV, for whoever plots them. */
public final class CurvesFile {
    private CurvesFile() {}

    /** Writes it, replacing what was there. Seconds count from the begin of the load, in W from the system's start. */
    public static void write(Path file, List<Row> rows) throws IOException {
        StringBuilder lines = new StringBuilder("workload,system,repeat,second,events_per_s\n");
        for (Row row : rows) {
            for (int step = 0; step < row.timeline().size(); step++) {
                lines.append(String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%.1f,%.0f%n",
                        CsvFile.quoted(row.workload()),
                        CsvFile.quoted(row.system()),
                        row.repeat(),
                        (step + 1) * row.timelineStepMs() / 1000.0,
                        row.timeline().get(step) * 1000.0 / row.timelineStepMs()));
            }
        }
        Files.writeString(file, lines);
    }
}
