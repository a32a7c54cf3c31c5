package io.eckermann.client.cli;

import io.eckermann.client.cli.Console.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows in aligned columns under a header. Numbers and sizes are right-aligned; {@code -} stands for one that is not known. */
final class Table {
    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("-|-?[0-9]+(\\.[0-9]+)?( [KMGT]?i?B)?");

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    Table row(Object... cells) {
        rows.add(IntStream.range(0, header.size())
                .mapToObj(i -> String.valueOf(cells[i]))
                .toList());
        return this;
    }

    void print(Console console) {
        int[] widths = IntStream.range(0, header.size()).map(this::width).toArray();
        console.line(console.styled(Style.BOLD, line(header, widths)));
        rows.forEach(row -> console.line(line(row, widths)));
        console.flush();
    }

    private int width(int column) {
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(header.get(column).length(), Math::max);
    }

    private String line(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> cell(cells.get(i), widths[i], isNumeric(i)))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private boolean isNumeric(int column) {
        return rows.stream().anyMatch(row -> !row.get(column).equals("-"))
                && rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }

    private static String cell(String text, int width, boolean right) {
        String space = " ".repeat(Math.max(0, width - text.length()));
        return right ? space + text : text + space;
    }
}
