package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Horizontal bars with a label before and a value behind each, and a line from the least to the most. */
final class Bars {
    private static final int LABEL_WIDTH = 140;
    private static final int BAR_WIDTH = 320;
    private static final int VALUE_WIDTH = 100;
    private static final int ROW_HEIGHT = 20;
    private static final int BAR_HEIGHT = 14;
    private static final String RANGE_COLOUR = "#111827";

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, double value, String text, String colour, Optional<Results.Range> range) {
        double most() {
            return range.map(found -> Math.max(value, found.most())).orElse(value);
        }
    }

    Bars(String title) {
        this.title = title;
    }

    void add(String label, double value, String text, String colour, Optional<Results.Range> range) {
        bars.add(new Bar(label, value, text, colour, range));
    }

    String title() {
        return title;
    }

    boolean isEmpty() {
        return bars.isEmpty();
    }

    @Override
    public String toString() {
        double max = bars.stream().mapToDouble(Bar::most).max().orElse(0);
        double scale = max == 0 ? 0 : BAR_WIDTH / max;
        Svg svg = new Svg(LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH, bars.size() * ROW_HEIGHT + 4, title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = i * (double) ROW_HEIGHT + 2;
            double base = y + BAR_HEIGHT - 3;
            svg.text(LABEL_WIDTH - 6, base, "end", bar.label());
            svg.rect(LABEL_WIDTH, y, bar.value() * scale, BAR_HEIGHT, bar.colour());
            bar.range().ifPresent(range -> {
                double from = range.least() * scale;
                svg.rect(LABEL_WIDTH + from, y + BAR_HEIGHT / 2.0 - 0.5, range.most() * scale - from, 1, RANGE_COLOUR);
            });
            svg.text(LABEL_WIDTH + bar.most() * scale + 6, base, "start", bar.text());
        }
        return svg.toString();
    }
}
