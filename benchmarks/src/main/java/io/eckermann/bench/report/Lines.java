package io.eckermann.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events per second over time, one line for each system. */
final class Lines {
    private static final int LEFT = 60;
    private static final int WIDTH = 400;
    private static final int HEIGHT = 140;
    private static final int BOTTOM = 30;
    private static final int TOP = 14;
    private static final int RIGHT = 100;

    private final String title;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String label, List<Long> counts, int stepMs, String colour) {
        double perSecond(int step) {
            return counts.get(step) * 1000.0 / stepMs;
        }

        double seconds() {
            return counts.size() * stepMs / 1000.0;
        }
    }

    Lines(String title) {
        this.title = title;
    }

    void add(String label, List<Long> counts, int stepMs, String colour) {
        lines.add(new Line(label, counts, stepMs, colour));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    @Override
    public String toString() {
        double seconds = lines.stream().mapToDouble(Line::seconds).max().orElse(1);
        double most = 1;
        for (Line line : lines) {
            for (int i = 0; i < line.counts().size(); i++) {
                most = Math.max(most, line.perSecond(i));
            }
        }
        Svg svg = new Svg(LEFT + WIDTH + RIGHT, TOP + HEIGHT + BOTTOM, title);
        svg.line(LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + HEIGHT);
        svg.line(LEFT, TOP, LEFT, TOP + HEIGHT);
        svg.text(LEFT - 6, TOP + 8, "end", String.format(Locale.ROOT, "%,.0f/s", most));
        svg.text(LEFT - 6, TOP + HEIGHT, "end", "0");
        svg.text(LEFT, TOP + HEIGHT + 18, "middle", "0 s");
        svg.text(LEFT + WIDTH, TOP + HEIGHT + 18, "middle", String.format(Locale.ROOT, "%.0f s", seconds));
        for (int l = 0; l < lines.size(); l++) {
            Line line = lines.get(l);
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < line.counts().size(); i++) {
                double x = LEFT + (i + 0.5) * line.stepMs() / 1000.0 / seconds * WIDTH;
                double y = TOP + HEIGHT - line.perSecond(i) / most * HEIGHT;
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            }
            svg.path(points.toString().trim(), line.colour());
            double y = TOP + 10 + l * 18.0;
            svg.rect(LEFT + WIDTH + 10, y - 8, 10, 10, line.colour());
            svg.text(LEFT + WIDTH + 26, y, "start", line.label());
        }
        return svg.toString();
    }
}
