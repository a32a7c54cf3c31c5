package io.eckermann.client.cli;

import io.eckermann.client.TopicChanges;
import io.eckermann.client.TopicSettings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a topic keeps, and which ids it takes. A bound is above zero; {@code none} takes it away. */
final class RetainOptions {
    private static final String NONE = "none";

    @Option(
            names = "--retain-age",
            paramLabel = "AGE",
            converter = AgeConverter.class,
            description = "Remove events older than this, e.g. 12h or 7d; none: however old they are, they stay.")
    private @Nullable Duration age;

    @Option(
            names = "--retain-bytes",
            paramLabel = "BYTES",
            converter = BytesConverter.class,
            description = "Remove the oldest chunks until there are at most so many bytes, e.g. 10GiB; none: no bound.")
    private @Nullable Long bytes;

    @Option(
            names = "--retain-events",
            paramLabel = "COUNT",
            converter = CountConverter.class,
            description = "Remove the oldest events until there are at most so many; none: no bound.")
    private @Nullable Long events;

    @Option(
            names = "--unique-ids",
            paramLabel = "on|off",
            description = "Refuse events whose id an event of the topic has; once the topic has events, those that"
                    + " were appended from then on.")
    private @Nullable Switch uniqueIds;

    @Option(
            names = "--compact-keys",
            paramLabel = "on|off",
            description =
                    "Keep only the last event of each key, a while after others came before it: those are deleted.")
    private @Nullable Switch compaction;

    @Option(
            names = "--anonymous-read",
            paramLabel = "on|off",
            description = "Let everybody read it, also who shows no credentials.")
    private @Nullable Switch anonymousRead;

    /** Names as on the command line. */
    enum Switch {
        on,
        off
    }

    TopicSettings settings(TopicSettings without) {
        TopicSettings settings = without;
        if (age != null && !age.isZero()) {
            settings = settings.withRetainAge(age);
        }
        settings = bytes == null ? settings : settings.withRetainBytes(bytes);
        settings = events == null ? settings : settings.withRetainEvents(events);
        settings = uniqueIds == null ? settings : settings.withUniqueIds(uniqueIds == Switch.on);
        settings = anonymousRead == null ? settings : settings.withAnonymousRead(anonymousRead == Switch.on);
        return compaction == null ? settings : settings.withCompactKeys(compaction == Switch.on);
    }

    TopicChanges changes(TopicChanges without) {
        TopicChanges changes = age == null ? without : without.retainAge(age);
        changes = bytes == null ? changes : changes.retainBytes(bytes);
        changes = events == null ? changes : changes.retainEvents(events);
        changes = uniqueIds == null ? changes : changes.uniqueIds(uniqueIds == Switch.on);
        changes = anonymousRead == null ? changes : changes.anonymousRead(anonymousRead == Switch.on);
        return compaction == null ? changes : changes.compactKeys(compaction == Switch.on);
    }

    /** In the largest unit that says it exactly. */
    static String text(Duration age) {
        long millis = age.toMillis();
        List<String> names = List.of("d", "h", "m", "s");
        List<Duration> units =
                List.of(Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1));
        for (int i = 0; i < units.size(); i++) {
            if (millis % units.get(i).toMillis() == 0) {
                return millis / units.get(i).toMillis() + names.get(i);
            }
        }
        return millis + "ms";
    }

    /** Reads ages. */
    static final class AgeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return text.equals(NONE) ? Duration.ZERO : new Times.DurationConverter().convert(text);
        }
    }

    /** Reads sizes in bytes: a number, and perhaps KiB, MiB, GiB or TiB. */
    static final class BytesConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(B|KiB|MiB|GiB|TiB)|([1-9][0-9]{0,17})");
        private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

        @Override
        public Long convert(String text) {
            if (text.equals(NONE)) {
                return 0L;
            }
            Matcher size = SIZE.matcher(text);
            if (!size.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a size above zero such as 500MiB or 10GiB, or none");
            }
            return size.group(3) != null
                    ? Long.parseLong(size.group(3))
                    : Long.parseLong(size.group(1)) << (10 * UNITS.indexOf(size.group(2)));
        }
    }

    /** Reads counts of events. */
    static final class CountConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (text.equals(NONE)) {
                return 0L;
            }
            if (!text.matches("[1-9][0-9]{0,17}")) {
                throw new TypeConversionException("'" + text + "' is not a number of events above zero, or none");
            }
            return Long.parseLong(text);
        }
    }
}
