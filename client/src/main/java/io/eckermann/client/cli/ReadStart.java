package io.eckermann.client.cli;

import io.eckermann.client.ReadOptions;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a read begins; at most one of these. */
final class ReadStart {
    @Option(names = "--from", paramLabel = "POSITION", description = "Start with this position.")
    private @Nullable Long from;

    @Option(names = "--after", paramLabel = "POSITION", description = "Start with the one after this position.")
    private @Nullable Long after;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Times.InstantConverter.class,
            description = "Start by recorded time: 2026-11-21T10:00:00Z, 2026-11-21, or 15m for 15 minutes ago.")
    private @Nullable Instant time;

    @Option(names = "--last", paramLabel = "COUNT", description = "Start so many events before the end.")
    private @Nullable Long last;

    @Option(names = "--cursor", paramLabel = "CONSUMER", description = "Start after this consumer's cursor.")
    private @Nullable String cursor;

    /** Which event {@code --time} leads to; names as on the command line. */
    enum Seek {
        at_or_after,
        at_or_before,
        nearest
    }

    /** The number asked for with {@code --last}, which a read can't express when it is 0. */
    Optional<Long> last() {
        return Optional.ofNullable(last);
    }

    /** Whether no start was asked for. */
    boolean isDefault() {
        return from == null && after == null && time == null && last == null && cursor == null;
    }

    void applyTo(ReadOptions.Builder options, Seek seek) {
        if (from != null) {
            options.from(from);
        }
        if (after != null) {
            options.after(after);
        }
        if (time != null) {
            options.time(time, ReadOptions.Seek.valueOf(seek.name().toUpperCase(Locale.ROOT)));
        }
        if (last != null) {
            options.last(last);
        }
        if (cursor != null) {
            options.cursor(cursor);
        }
    }
}
