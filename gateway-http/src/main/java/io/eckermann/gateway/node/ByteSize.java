package io.eckermann.gateway.node;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of bytes, written with a binary unit: {@code 512B}, {@code 64MiB}, {@code 2GiB}. */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    /**
     * Reads a number with its unit.
     *
     * @throws IllegalArgumentException saying what it should look like
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 512B, 64KiB, 64MiB or 2GiB");
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(matcher.group(2))));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is more than any size can be", e);
        }
    }

    private static long unit(String name) {
        return switch (name.charAt(0)) {
            case 'K' -> 1L << 10;
            case 'M' -> 1L << 20;
            case 'G' -> 1L << 30;
            default -> 1;
        };
    }

    /** In the largest unit that leaves no rest. */
    @Override
    public String toString() {
        for (String name : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes > 0 && bytes % unit(name) == 0) {
                return String.format(Locale.ROOT, "%d%s", bytes / unit(name), name);
            }
        }
        return bytes + "B";
    }
}
