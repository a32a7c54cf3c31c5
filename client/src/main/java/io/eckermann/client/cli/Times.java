package io.eckermann.client.cli;

import io.eckermann.protocol.Moments;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and durations as people write them. */
final class Times {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ns|us|ms|s|m|h|d)");
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /** Reads durations: a number and ms, s, m, h or d. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!DURATION.matcher(text).matches() || text.matches("0+[a-z]+")) {
                throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 10s, 5m or 2h");
            }
            return Moments.duration(text);
        }
    }

    /** Reads points in time, in UTC where they do not say their zone: {@link Moments}. */
    static final class InstantConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return TimeOptions.instant("", text, Moments.utc());
            } catch (Failure.Usage e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()).substring(2));
            }
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
}
