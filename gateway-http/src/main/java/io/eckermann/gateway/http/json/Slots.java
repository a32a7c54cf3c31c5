package io.eckermann.gateway.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of a timeline's slots as people write them: {@code 30s}, {@code 15m}, {@code 1h}, {@code 1d}, {@code 1w}. */
public final class Slots {
    private static final Pattern SLOT = Pattern.compile("([1-9][0-9]{0,8})(s|m|h|d|w)");
    private static final long[] SECONDS = {7 * 86_400, 86_400, 3_600, 60, 1};
    private static final String[] UNITS = {"w", "d", "h", "m", "s"};
    private static final long SECONDS_MAX = TimeUnit.DAYS.toSeconds(36_500);

    private Slots() {}

    /** In nanoseconds. */
    public static long nanos(String field, String text) {
        Matcher slot = SLOT.matcher(text);
        for (int i = 0; slot.matches() && i < UNITS.length; i++) {
            long seconds = SECONDS[i] * Long.parseLong(slot.group(1));
            if (UNITS[i].equals(slot.group(2)) && seconds <= SECONDS_MAX) {
                return TimeUnit.SECONDS.toNanos(seconds);
            }
        }
        throw JsonFields.wrong(field, "must be how long a slot is, like 30s, 15m, 1h, 1d or 1w, and at most 36500d");
    }

    /** Reads an array of them, in milliseconds. */
    static List<Long> list(JsonParser in, String field) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw JsonFields.wrong(field, "must be an array like [\"1h\",\"1d\"]");
        }
        List<Long> slotsMs = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            slotsMs.add(TimeUnit.NANOSECONDS.toMillis(nanos(field, JsonFields.text(in, field))));
        }
        return slotsMs;
    }

    /** In the largest unit that says it exactly. */
    public static String text(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        for (int i = 0; i < UNITS.length; i++) {
            if (seconds % SECONDS[i] == 0 && nanos % TimeUnit.SECONDS.toNanos(1) == 0) {
                return seconds / SECONDS[i] + UNITS[i];
            }
        }
        return nanos + "ns";
    }
}
