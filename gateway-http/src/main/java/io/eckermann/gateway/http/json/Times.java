package io.eckermann.gateway.http.json;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Moments;
import io.eckermann.protocol.StoreException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times as people write them, and nanoseconds since 1970-01-01T00:00:00Z. */
public final class Times {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final DateTimeFormatter RFC_3339 = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Times() {}

    /** RFC 3339 in UTC with nine digits of a second. */
    public static String rfc3339(long nanos) {
        return RFC_3339.format(
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND)));
    }

    /**
     * Reads an RFC 3339 time, a date (its first moment in UTC) or an integer of nanoseconds.
     *
     * @throws StoreException BAD_REQUEST naming the field
     */
    public static long parse(String field, String text) {
        try {
            if (INTEGER.matcher(text).matches()) {
                return Long.parseLong(text);
            }
            Instant instant = DATE.matcher(text).matches()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            return nanos(instant);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "'" + field + "' is not a time: write one of the years 1678 to 2261 like"
                                    + " 2026-01-31T12:00:00Z, a date, or an integer of nanoseconds since 1970.")
                    .with("field", field);
        }
    }

    /**
     * Reads when something was recorded, as people write it: {@link Moments}, in UTC.
     *
     * @throws StoreException BAD_REQUEST naming the field
     */
    public static long moment(String field, String text) {
        long nanos = eventMoment(field, text);
        if (nanos < 0) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST, "'" + field + "' is before 1970, when nothing was recorded.")
                    .with("field", field);
        }
        return nanos;
    }

    /** Reads when something happened, which may be before 1970, as {@link #moment} does. */
    public static long eventMoment(String field, String text) {
        try {
            return Moments.utc().nanos(text);
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "'" + field + "' is not a time: " + Moments.EXAMPLES + ".")
                    .with("field", field);
        }
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), (long) instant.getNano());
    }
}
