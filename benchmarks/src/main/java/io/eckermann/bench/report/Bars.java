package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Horizontal bars with a label before and a value behind each. */
final class Bars {
    private static final int LABEL_WIDTH = 130;
    private static final int BAR_WIDTH = 420;
    private static final int VALUE_WIDTH = 260;
    private static final int ROW_HEIGHT = 22;
    private static final int BAR_HEIGHT = 16;

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, double value, String text, String colour) {}

    Bars(String title) {
        this.title = title;
    }

    void add(String label, double value, String text, String colour) {
        bars.add(new Bar(label, value, text, colour));
    }

    boolean isEmpty() {
        return bars.isEmpty();
    }

    @Override
    public String toString() {
        double max = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        Svg svg = new Svg(LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH, bars.size() * ROW_HEIGHT + 4, title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = i * (double) ROW_HEIGHT + 2;
            double width = max == 0 ? 0 : bar.value() / max * BAR_WIDTH;
            double base = y + BAR_HEIGHT - 4;
            svg.text(LABEL_WIDTH - 6, base, "end", bar.label());
            svg.rect(LABEL_WIDTH, y, width, BAR_HEIGHT, bar.colour());
            svg.text(LABEL_WIDTH + width + 6, base, "start", bar.text());
        }
        return svg.toString();
    }
}
