package io.eckermann.gateway.http.json;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name somebody probably meant. */
public final class Nearest {
    private Nearest() {}

    /** The known name closest to the one given; empty when none is close. */
    public static Optional<String> to(String name, Collection<String> known) {
        String given = plain(name);
        int best = Math.max(2, given.length() / 3) + 1;
        String nearest = null;
        for (String candidate : known) {
            // Long garbage is no typing error, and measuring it is quadratic.
            int distance = given.length() > 64 ? best : distance(given, plain(candidate));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** {@code "; did you mean 'x'?"}, or which names there are when none is close. */
    public static String hint(String name, Collection<String> known) {
        return to(name, known)
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElseGet(() -> known.isEmpty() ? "." : "; there are: " + String.join(", ", known) + ".");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
