package io.eckermann.protocol;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moments as people write them: RFC 3339, a date, a date and a time, how long ago, {@code now}, {@code today},
 * {@code yesterday}, or nanoseconds since 1970-01-01T00:00:00Z. Both the command line and the HTTP door read them here.
 * Immutable.
 */
public final class Moments {
    /** What can be written, for error messages. */
    public static final String EXAMPLES =
            "write 2026-01-31T12:00:00Z, 2026-01-31T12:00, 2026-01-31, 15m or 15m ago, now,"
                    + " today, yesterday, or nanoseconds since 1970, of the years 1678 to 2261";

    /** More than anybody writes; on very long texts the patterns would run out of stack. */
    private static final int CHARS_MAX = 100;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Pattern NANOSECONDS = Pattern.compile("(-?[0-9]{1,19})|([0-9]{11,19})ns");
    private static final Pattern AGO = Pattern.compile("-?((?:[0-9]{1,9}(?:ns|us|ms|s|m|h|d|w))+)(?: +ago)?");
    private static final Pattern PARTS = Pattern.compile("(?:[0-9]{1,9}(?:ns|us|ms|s|m|h|d|w))+");
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ns|us|ms|s|m|h|d|w)");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    /** A space is as good as a T, as RFC 3339 allows. */
    private static final Pattern DATE_SPACE_TIME = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:.*)");

    private final Clock clock;
    private final ZoneId zone;

    /** @param zone of dates and times that do not say theirs */
    public Moments(Clock clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /** By the process's clock, in UTC. */
    public static Moments utc() {
        return new Moments(Clock.systemUTC(), ZoneOffset.UTC);
    }

    /**
     * Nanoseconds since 1970-01-01T00:00:00Z. A date means its first moment.
     *
     * @throws IllegalArgumentException when it is no moment, with a message for whoever wrote it
     */
    public long nanos(String text) {
        if (text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("A text of " + text.length() + " characters is not a time: " + EXAMPLES);
        }
        try {
            Matcher nanoseconds = NANOSECONDS.matcher(text);
            if (nanoseconds.matches()) {
                return Long.parseLong(nanoseconds.group(1) == null ? nanoseconds.group(2) : nanoseconds.group(1));
            }
            Instant instant = instant(text);
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), (long) instant.getNano());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a time: " + EXAMPLES, e);
        }
    }

    private Instant instant(String text) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return clock.instant().minus(duration(ago.group(1)));
        }
        return switch (text) {
            case "now" -> clock.instant();
            case "today" -> startOf(LocalDate.now(clock.withZone(zone)));
            case "yesterday" -> startOf(LocalDate.now(clock.withZone(zone)).minusDays(1));
            default -> DATE.matcher(text).matches() ? startOf(LocalDate.parse(text)) : dateTime(text);
        };
    }

    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    private Instant dateTime(String text) {
        Matcher parts = DATE_SPACE_TIME.matcher(text);
        String iso = parts.matches() ? parts.group(1) + "T" + parts.group(2).replace('z', 'Z') : text;
        TemporalAccessor read =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        return read instanceof OffsetDateTime offset
                ? offset.toInstant()
                : ((LocalDateTime) read).atZone(zone).toInstant();
    }

    /**
     * The sum of a duration's parts.
     *
     * @param text numbers with their units, from ns and us to d and w: {@code 1h30m}
     * @throws IllegalArgumentException when it is not that
     */
    public static Duration duration(String text) {
        if (text.length() > CHARS_MAX || !PARTS.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 15m or 1h30m");
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "ns" -> Duration.ofNanos(count);
                        case "us" -> Duration.of(count, ChronoUnit.MICROS);
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        case "d" -> Duration.ofDays(count);
                        default -> Duration.ofDays(7 * count);
                    });
        }
        return sum;
    }
}
