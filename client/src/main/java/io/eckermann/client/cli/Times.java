package io.eckermann.client.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and durations as people write them. */
final class Times {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ns|us|ms|s|m|h|d)");
    private static final Pattern NANOSECONDS = Pattern.compile("[0-9]{1,19}ns");
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** Reads durations: a number and ms, s, m, h or d. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches() || text.matches("0+[a-z]+")) {
                throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 10s, 5m or 2h");
            }
            return duration(matcher);
        }
    }

    /** Reads points in time: RFC 3339, a date (its start in UTC), or a duration, which means so long ago. */
    static final class InstantConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return instant(text, Clock.systemUTC());
        }
    }

    static Instant instant(String text, Clock clock) {
        if (NANOSECONDS.matcher(text).matches() && text.length() > "1000000000ns".length()) {
            return Instant.EPOCH.plusNanos(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        Matcher ago = DURATION.matcher(text);
        if (ago.matches()) {
            return clock.instant().minus(duration(ago));
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text + "' is not a time such as 2026-11-21T10:00:00Z, 2026-11-21,"
                    + " or 15m for 15 minutes ago");
        }
    }

    /** For tables: to the millisecond, always as wide. */
    static String shortened(Instant time) {
        return MILLISECONDS.format(time);
    }

    /** For data: to the nanosecond where there is one. */
    static String exact(Instant time) {
        return time.toString();
    }

    private static Duration duration(Matcher matcher) {
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ns" -> Duration.ofNanos(count);
            case "us" -> Duration.of(count, ChronoUnit.MICROS);
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
