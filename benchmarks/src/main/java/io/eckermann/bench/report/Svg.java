package io.eckermann.bench.report;

import java.util.Locale;

/** A drawing in the making, for a page that needs nothing else. Not thread safe. */
final class Svg {
    private static final String[] COLOURS = {"#2563eb", "#d97706", "#b91c1c", "#6b7280", "#059669", "#7c3aed"};

    private final StringBuilder svg = new StringBuilder();

    Svg(int width, int height, String title) {
        add(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s\">",
                width, height, width, Html.escaped(title));
    }

    /** The same system gets the same colour everywhere. */
    static String colour(int place) {
        return COLOURS[place % COLOURS.length];
    }

    void rect(double x, double y, double width, double height, String colour) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
                x, y, Math.max(0, width), Math.max(0, height), colour);
    }

    void line(double x1, double y1, double x2, double y2) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#9ca3af\"/>", x1, y1, x2, y2);
    }

    void path(String points, String colour) {
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>", points, colour);
    }

    /** The anchor is start, middle or end. */
    void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, Html.escaped(text));
    }

    @Override
    public String toString() {
        return svg + "</svg>\n";
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
