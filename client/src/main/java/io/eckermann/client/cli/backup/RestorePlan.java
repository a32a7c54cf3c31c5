package io.eckermann.client.cli.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files make the states of all shards up to a bound: the snapshots of the newest backup before it, and what a later
 * backup has of the Raft logs from there to the bound. Entries of the log are applied again as replicas apply them, so the
 * result is exact.
 *
 * @param base null: everything is applied again from the first entry on
 * @param later has the rest; null when nothing follows the base
 * @param log files of {@code later}, by their shard, then by their first entry
 */
public record RestorePlan(@Nullable Manifest base, @Nullable Manifest later, List<Segment> log) {
    /** How far apart clocks of a cluster's nodes may be, and more. */
    static final Duration MARGIN = Duration.ofSeconds(10);

    private static final Pattern SEGMENT = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.(segment|packed)");

    /** A closed file of a shard's Raft log, first to last entry. */
    public record Segment(Manifest.File file, long first, long last, boolean packed) {
        static Optional<Segment> of(Manifest.File file) {
            Matcher name = SEGMENT.matcher(file.name());
            return name.matches()
                    ? Optional.of(new Segment(
                            file,
                            Long.parseLong(name.group(1)),
                            Long.parseLong(name.group(2)),
                            name.group(3).equals("packed")))
                    : Optional.empty();
        }
    }

    public RestorePlan {
        log = List.copyOf(log);
    }

    /** All that a backup has. */
    public static RestorePlan whole(Manifest backup) {
        return new RestorePlan(backup, null, List.of());
    }

    /**
     * Up to an entry of the Raft log, with it; for a cluster of one shard.
     *
     * @param backups of one cluster, the oldest first
     * @throws IllegalArgumentException that says what is missing
     */
    public static RestorePlan toIndex(List<Manifest> backups, long index) {
        if (backups.stream().anyMatch(each -> each.shards().size() > 1)) {
            throw new IllegalArgumentException("The cluster that was backed up has several shards, and each numbers its"
                    + " entries by itself: say a time with --to-time, or a backup.");
        }
        Manifest later = backups.stream()
                .filter(each -> each.raftIndex() >= index)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No backup reaches to entry " + index
                        + (backups.isEmpty()
                                ? "."
                                : "; the last one ends at "
                                        + backups.get(backups.size() - 1).raftIndex() + ".")));
        Manifest base =
                last(backups.stream().filter(each -> each.raftIndex() <= index).toList());
        return of(base, later, index);
    }

    /**
     * Up to a time, by the clocks of those who led: nothing from the first command on that is later.
     *
     * @param backups of one cluster, the oldest first
     * @throws IllegalArgumentException that says what is missing
     */
    public static RestorePlan toTime(List<Manifest> backups, Instant time) {
        Manifest later = backups.stream()
                .filter(each -> !each.time().isBefore(time.plus(MARGIN)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No backup was taken " + MARGIN.toSeconds()
                        + " s after " + time + " or later: take one now, or restore the newest as it is."));
        Manifest base = last(backups.stream()
                .filter(each -> !each.time().isAfter(time.minus(MARGIN)))
                .toList());
        return of(base, later, Long.MAX_VALUE);
    }

    private static @Nullable Manifest last(List<Manifest> backups) {
        return backups.isEmpty() ? null : backups.get(backups.size() - 1);
    }

    private static RestorePlan of(@Nullable Manifest base, Manifest later, long index) {
        List<Segment> log = new ArrayList<>();
        for (Manifest.File file : later.files()) {
            Segment segment = Segment.of(file).orElse(null);
            if (segment == null || segment.last() < from(base, file.shard()) || segment.first() > index) {
                continue;
            }
            if (segment.packed()) {
                throw new IllegalArgumentException("There is no way to that point any more: of entries "
                        + segment.first() + " to " + segment.last() + of(file.shard(), later) + " the backup "
                        + later.id() + " has only what was alive by then. Exact are the backups themselves; take them"
                        + " more often.");
            }
            log.add(segment);
        }
        if (base != null && (log.isEmpty() || from(base, 0) > index)) {
            return whole(base);
        }
        log.sort(Comparator.comparingInt((Segment each) -> each.file().shard()).thenComparingLong(Segment::first));
        return new RestorePlan(base, later, log);
    }

    /** The first entry of a shard's log that is applied again. */
    private static long from(@Nullable Manifest base, int shard) {
        return base == null ? 0 : base.shards().get(shard).raftIndex() + 1;
    }

    private static String of(int shard, Manifest backup) {
        return backup.shards().size() == 1 ? "" : " of shard " + shard;
    }

    /** The backup that it begins with. */
    Manifest source() {
        return base == null ? Objects.requireNonNull(later) : base;
    }

    /** Of what cluster the backups are. */
    public String clusterId() {
        return source().clusterId();
    }

    /** How many shards that has. */
    public int shards() {
        return source().shards().size();
    }

    /** What is to be fetched. */
    public long bytes() {
        long bytes = log.stream().mapToLong(each -> each.file().bytes()).sum();
        return base == null ? bytes : bytes + base.bytes();
    }

    /** Says what the state is made of. */
    public String describe() {
        String begin = base == null ? "from the first entry on" : "backup " + base.id();
        Manifest rest = later;
        return rest == null || log.isEmpty() ? begin : begin + ", then what " + rest.id() + " has of the log";
    }
}
