package io.eckermann.client.cli;

import io.eckermann.client.EventTimeRead;
import io.eckermann.client.ReadOptions;
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
            description = "Start by recorded time: " + TimeOptions.EXAMPLES + ".")
    private @Nullable String time;

    @Option(names = "--last", paramLabel = "COUNT", description = "Start so many events before the end.")
    private @Nullable Long last;

    @Option(names = "--cursor", paramLabel = "CONSUMER", description = "Start after this consumer's cursor.")
    private @Nullable String cursor;

    /** Which event {@code --time} leads to; names as on the command line. */
    enum Seek {
        at_or_after,
        at_or_before,
        nearest;

        ReadOptions.Seek option() {
            return ReadOptions.Seek.valueOf(name().toUpperCase(Locale.ROOT));
        }
    }

    /** The number asked for with {@code --last}, which a read can't express when it is 0. */
    Optional<Long> last() {
        return Optional.ofNullable(last);
    }

    /** Whether no start was asked for. */
    boolean isDefault() {
        return from == null && after == null && time == null && last == null && cursor == null;
    }

    /** Whether a time, or nothing, says where to start. */
    boolean isTimeOrDefault() {
        return from == null && after == null && last == null && cursor == null;
    }

    EventTimeRead applyTo(EventTimeRead read, Seek seek, TimeOptions times) {
        return time == null ? read : read.time(times.instant("--time", time), seek.option());
    }

    /** @param times how {@code --time} is read */
    void applyTo(ReadOptions.Builder options, Seek seek, TimeOptions times) {
        if (from != null) {
            options.from(from);
        }
        if (after != null) {
            options.after(after);
        }
        if (time != null) {
            options.time(times.instant("--time", time), seek.option());
        }
        if (last != null) {
            options.last(last);
        }
        if (cursor != null) {
            options.cursor(cursor);
        }
    }
}
