package io.eckermann.client.cli;

import io.eckermann.protocol.Moments;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import picocli.CommandLine.Option;

/** How a verb reads the times it is given: {@link Moments}. */
final class TimeOptions {
    /** For descriptions of options. */
    static final String EXAMPLES = "2026-11-21T10:00:00Z, 2026-11-21T10:00, 2026-11-21, 15m, \"15m ago\", yesterday,"
            + " today, now, or nanoseconds since 1970";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Of times that do not say theirs: Europe/Moscow, +03:00. Default: UTC.")
    private ZoneId zone = ZoneOffset.UTC;

    /** @param option whose value it is, for the error */
    Instant instant(String option, String text) {
        return instant(option, text, new Moments(Clock.systemUTC(), zone));
    }

    static Instant instant(String option, String text, Moments moments) {
        try {
            long nanos = moments.nanos(text);
            return Instant.ofEpochSecond(
                    Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
        } catch (IllegalArgumentException e) {
            throw new Failure.Usage(option + ": " + e.getMessage() + ".");
        }
    }
}
