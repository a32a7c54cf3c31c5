package io.eckermann.raftlog.segment;

import io.eckermann.raftlog.segment.SegmentFile.Content;
import io.eckermann.raftlog.segment.SegmentFile.Damage;
import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the log before it is opened. A write that was cut off by a crash leaves a torn tail in the open segment; it
 * was never acknowledged by this node and is cut. Anything else that is wrong (a damaged entry with whole ones behind
 * it, a damaged closed segment, a missing segment, a log that ends before what the state has applied, or before what the
 * node has acknowledged: {@link FlushMark}) means that acknowledged entries may be lost here, and the node must not vote:
 * it is refused with the file and the offset.
 */
public final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);

    private final Path directory;
    private final long applied;
    private final long installed;
    private final long kept;
    private final long acknowledged;

    /**
     * @param directory holds the segments; may be missing
     * @param applied index that the state has durably applied, -1 for none
     * @param installed index of the snapshot that the state was last replaced by, -1 for none
     * @param kept index up to which the state has taken the log's entries over, -1 for none: others are not deleted
     * @param acknowledged index up to which this node may have told others that it has the log, -1 for none or unknown
     */
    public LogCheck(Path directory, long applied, long installed, long kept, long acknowledged) {
        this.directory = directory;
        this.applied = applied;
        this.installed = installed;
        this.kept = kept;
        this.acknowledged = acknowledged;
    }

    /**
     * Repairs what may be repaired.
     *
     * @return index of the last entry in the log, -1 for none
     * @throws IOException one sentence for the operator, when the node must not start
     */
    public long run() throws IOException {
        List<SegmentFile> segments = withoutRestOfPurge(segments());
        long end = -1;
        for (int i = 0; i < segments.size(); i++) {
            SegmentFile segment = segments.get(i);
            boolean isLast = i == segments.size() - 1;
            if (segment.isOpen() && !isLast) {
                throw refused("there is a segment behind the open segment " + segment.path());
            }
            if (i > 0 && segment.first() != end + 1) {
                throw refused("entries " + (end + 1) + " to " + (segment.first() - 1) + " are missing before "
                        + segment.path());
            }
            end = segment.isOpen() ? checkOpen(segment) : checkClosed(segment, isLast);
        }
        requireAcknowledged(end);
        if (end < applied && applied == installed && !segments.isEmpty()) {
            requireKept(segments, end);
            deleteAll(segments);
            return -1;
        }
        requireApplied(segments.isEmpty() ? -1 : segments.get(0).first(), end);
        return end;
    }

    private List<SegmentFile> segments() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<SegmentFile> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (Files.size(file) > 0) {
                    SegmentFile.of(file).ifPresent(segments::add);
                }
            }
        }
        segments.sort(Comparator.comparingLong(SegmentFile::first));
        return segments;
    }

    /** A purge deletes the newest file first; a crash in the middle leaves older ones, which are applied and useless. */
    private List<SegmentFile> withoutRestOfPurge(List<SegmentFile> segments) throws IOException {
        int keep = 0;
        for (int i = 1; i < segments.size(); i++) {
            SegmentFile before = segments.get(i - 1);
            long gapEnd = segments.get(i).first() - 1;
            if (!before.isOpen() && before.last() < gapEnd && gapEnd <= applied) {
                keep = i;
            }
        }
        if (keep > 0) {
            requireKept(segments.subList(0, keep), segments.get(keep - 1).last());
        }
        for (SegmentFile rest : segments.subList(0, keep)) {
            LOG.info("Deleting {}, which an interrupted purge has left over", rest.path());
            Files.delete(rest.path());
        }
        return segments.subList(keep, segments.size());
    }

    /**
     * A snapshot was installed that ends behind the log, and a crash came before the log was deleted. Ratis would keep
     * its open segment, and then not take the entries that follow the snapshot.
     */
    private static void deleteAll(List<SegmentFile> segments) throws IOException {
        for (int i = segments.size() - 1; i >= 0; i--) {
            LOG.info(
                    "Deleting {}, which ends before the installed snapshot",
                    segments.get(i).path());
            Files.delete(segments.get(i).path());
        }
    }

    /** Events may be in these files alone. */
    private void requireKept(List<SegmentFile> useless, long last) throws IOException {
        if (last > kept) {
            throw DamagedFileException.ofKeptLog("The Raft log does not need "
                    + useless.stream().map(each -> each.path().toString()).collect(Collectors.joining(", "))
                    + " any more, but the kept segments end at " + kept + ", before entry " + last
                    + ", and events may be nowhere else");
        }
    }

    private long checkClosed(SegmentFile segment, boolean isLast) throws IOException {
        Content content = segment.read();
        if (content.damage() != null) {
            throw damaged(segment, content.damage());
        }
        if (isLast && content.lastIndex() < segment.last() && isTruncated(segment, content)) {
            rename(segment, content.lastIndex());
        } else if (content.lastIndex() != segment.last()) {
            throw refused(segment.path() + " ends at offset " + content.end() + " with entry " + content.lastIndex()
                    + ", not with " + segment.last());
        }
        return content.lastIndex();
    }

    /** Entries of a deposed leader are cut off at an entry's end; a crash may come before the file is renamed. */
    private boolean isTruncated(SegmentFile segment, Content content) throws IOException {
        return !content.entries().isEmpty()
                && content.lastIndex() >= applied
                && content.end() == Files.size(segment.path());
    }

    private static void rename(SegmentFile segment, long last) throws IOException {
        Path name = segment.path().resolveSibling("log_" + segment.first() + "-" + last);
        LOG.warn("Renaming {} to {}: it was truncated, and a crash came before it was renamed", segment.path(), name);
        Files.move(segment.path(), name);
    }

    private long checkOpen(SegmentFile segment) throws IOException {
        Content content = segment.read();
        Damage damage = content.damage();
        if (damage != null && damage.validEntryAt() >= 0) {
            throw damaged(segment, damage);
        }
        long end = content.entries().isEmpty() ? segment.first() - 1 : content.lastIndex();
        if (damage != null && isLost(end)) {
            throw refused(segment.path() + " is damaged: at offset " + damage.offset() + " there is " + damage.what()
                    + ", and this node has acknowledged entries up to " + acknowledged);
        }
        if (damage != null) {
            cut(segment, content.end(), damage);
        }
        return end;
    }

    /** Whether a log that ends there has lost what others were told that it has; an installed snapshot may have it. */
    private boolean isLost(long end) {
        return end < acknowledged && installed < acknowledged;
    }

    private void requireAcknowledged(long end) throws IOException {
        if (isLost(end)) {
            throw refused("the log ends at " + end + " but this node has acknowledged entries up to " + acknowledged);
        }
    }

    private static void cut(SegmentFile segment, long at, Damage damage) throws IOException {
        LOG.warn("Cutting {} at offset {}: there is {}, left by a crash", segment.path(), at, damage.what());
        try (FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            file.truncate(at);
            file.force(true);
        }
    }

    private void requireApplied(long start, long end) throws IOException {
        boolean justInstalled = applied == installed;
        if (end < applied && !justInstalled) {
            throw refused("the log ends at " + end + " but the state has applied " + applied
                    + ": entries that this node has acknowledged may be lost");
        }
        if (start > applied + 1) {
            throw refused("the log begins at " + start + " but the state has applied only " + applied);
        }
    }

    private static IOException damaged(SegmentFile segment, Damage damage) {
        String behind = damage.validEntryAt() < 0 ? "" : ", and a whole entry follows at " + damage.validEntryAt();
        return refused(
                segment.path() + " is damaged: at offset " + damage.offset() + " there is " + damage.what() + behind);
    }

    private static IOException refused(String why) {
        return new DamagedLogException("The Raft log is not whole, so this node must not vote: " + why
                + ". Let it join again as a new node, with an empty data directory and a new id.");
    }
}
