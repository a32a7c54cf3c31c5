package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Columns of text. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> lines = new ArrayList<>();

    /** A table of these columns: the first two and the last to the left, the others to the right. */
    TextTable(List<String> heads) {
        lines.add(heads);
    }

    void add(List<String> line) {
        lines.add(line);
    }

    /** The results as people read them: one line each, a column for what any of them has. */
    public static TextTable of(List<Row> rows) {
        List<Metric> shown = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            boolean any = rows.stream()
                    .anyMatch(row -> row.value(metric).isPresent()
                            && (metric.inTable() || metric == Metric.NO_ACK || metric == Metric.DUPLICATES));
            boolean telling = rows.stream()
                    .anyMatch(row -> row.value(metric).orElse(0) > 0
                            && (metric == Metric.FAILURES || metric == Metric.ELECTIONS));
            if (any || telling) {
                shown.add(metric);
            }
        }
        List<String> heads = new ArrayList<>(List.of("workload", "system"));
        shown.forEach(metric -> heads.add(metric.heading()));
        heads.add("an ack means");
        TextTable table = new TextTable(heads);
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.workload(), row.system()));
            shown.forEach(metric -> line.add(
                    row.value(metric).isPresent()
                            ? metric.format(row.value(metric).getAsDouble())
                            : "-"));
            line.add(row.acknowledgement() + (row.notes().isEmpty() ? "" : "; " + row.notes()));
            table.add(line);
        }
        return table;
    }

    @Override
    public String toString() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                boolean left = i < 2 || i == columns - 1;
                String cell = line.get(i);
                String pad = " ".repeat(widths[i] - cell.length());
                text.append(left ? cell + pad : pad + cell).append(GAP);
            }
            text.setLength(text.toString().stripTrailing().length());
            text.append('\n');
        }
        return text.toString();
    }
}
