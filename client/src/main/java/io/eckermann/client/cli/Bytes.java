package io.eckermann.client.cli;

import java.util.List;
import java.util.Locale;

/** Sizes as people read them, in powers of 1,024. */
final class Bytes {
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

    private Bytes() {}

    /** In the largest unit of which there is one, e.g. {@code 12.3 MiB}; whole numbers below 1 KiB: {@code 17 B}. */
    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes / 1024.0;
        int unit = 0;
        // What would be rounded to 1024.0 is one of the next.
        while (size >= 1023.95 && unit < UNITS.size() - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, UNITS.get(unit));
    }
}
