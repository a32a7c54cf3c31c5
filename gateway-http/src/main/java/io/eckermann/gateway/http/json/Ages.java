package io.eckermann.gateway.http.json;

import io.eckermann.protocol.Limits;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ages as people write them: {@code 90s}, {@code 12h}, {@code 7d}. */
final class Ages {
    private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,12})(ms|s|m|h|d)");
    private static final TimeUnit[] UNITS = {
        TimeUnit.DAYS, TimeUnit.HOURS, TimeUnit.MINUTES, TimeUnit.SECONDS, TimeUnit.MILLISECONDS
    };
    private static final String[] NAMES = {"d", "h", "m", "s", "ms"};

    private Ages() {}

    static long millis(String text, String field) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            for (int i = 0; i < UNITS.length; i++) {
                if (NAMES[i].equals(age.group(2))) {
                    long millis = UNITS[i].toMillis(Long.parseLong(age.group(1)));
                    if (millis <= Limits.RETAIN_AGE_MS_MAX) {
                        return millis;
                    }
                }
            }
        }
        throw JsonFields.wrong(field, "must be an age like 90s, 12h or 7d, above zero and at most 36500d");
    }

    /** As an age, or nothing at all. */
    static long millisOrZero(String text, String field) {
        return text.matches("0(ms|s|m|h|d)?") ? 0 : millis(text, field);
    }

    /** In the largest unit that says it exactly. */
    static String text(long millis) {
        for (int i = 0; i < UNITS.length; i++) {
            long unit = UNITS[i].toMillis(1);
            if (millis % unit == 0) {
                return millis / unit + NAMES[i];
            }
        }
        throw new AssertionError("every number of milliseconds is one of milliseconds");
    }
}
