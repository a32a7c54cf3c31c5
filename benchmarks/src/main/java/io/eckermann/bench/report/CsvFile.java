package io.eckermann.bench.report;

import io.eckermann.bench.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The raw rows, one line each, written as they come so that a run cut short keeps what it has. */
public final class CsvFile {
    private final Path file;
    private final String date;
    private final Machine machine;

    /**
     * Begins a file, replacing what was there.
     *
     * @param date of the run, for the first column
     */
    public CsvFile(Path file, String date, Machine machine) throws IOException {
        this.file = file;
        this.date = date;
        this.machine = machine;
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, header());
    }

    public void add(Row row) throws IOException {
        Files.writeString(file, line(row), StandardOpenOption.APPEND);
    }

    static String header() {
        List<String> cells = new ArrayList<>(
                List.of("date", "cpu", "cores", "kernel", "jdk", "system", "ack", "workload", "repeat"));
        for (Metric metric : Metric.values()) {
            cells.add(metric.column());
        }
        cells.addAll(List.of("timeline_step_ms", "timeline", "notes"));
        return String.join(",", cells) + "\n";
    }

    private String line(Row row) {
        List<String> cells = new ArrayList<>(List.of(
                date,
                machine.cpu(),
                Integer.toString(machine.cores()),
                machine.kernel(),
                machine.jdk(),
                row.system(),
                row.acknowledgement(),
                row.workload(),
                Integer.toString(row.repeat())));
        for (Metric metric : Metric.values()) {
            cells.add(
                    row.value(metric).isPresent() ? metric.csv(row.value(metric).getAsDouble()) : "");
        }
        cells.add(row.timeline().isEmpty() ? "" : Integer.toString(row.timelineStepMs()));
        cells.add(row.timeline().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        cells.add(row.notes());
        return cells.stream().map(CsvFile::quoted).collect(Collectors.joining(",")) + "\n";
    }

    static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
