package io.eckermann.statemachine.chunk;

import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The segments of a snapshot, also those that are not sent because the receiver has them: a file in its directory. */
public final class SegmentList {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentList.class);

    /** A line of the file: first and last index, the bytes that belong to the segment, and whether it is packed. */
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18})( packed)?");

    private static final String NAME = "segments";

    private SegmentList() {}

    /** Whether a file of a snapshot has to do with segments, and not with the index. */
    public static boolean isPart(Path file) {
        return KeptSegment.named(file).isPresent()
                || String.valueOf(file.getFileName()).equals(NAME)
                // Of one that was being replaced.
                || String.valueOf(file.getFileName()).equals(NAME + ".tmp");
    }

    /** How much of a snapshot's file a node needs that has all entries up to an index; empty when nothing. */
    public static OptionalLong bytesToSend(Path file, long kept) throws IOException {
        Optional<KeptSegment> name = KeptSegment.named(file);
        if (name.isPresent() && name.get().last() <= kept) {
            return OptionalLong.empty();
        }
        if (name.isPresent() && KeptSegment.isLogFile(file)) {
            return OptionalLong.of(
                    KeptSegment.describedBy(file.resolveSibling(name.get().sideName()))
                            .bytes());
        }
        return OptionalLong.of(Files.size(file));
    }

    static void write(Path snapshot, List<KeptSegment> segments) throws IOException {
        StringBuilder text = new StringBuilder();
        for (KeptSegment each : segments) {
            text.append(each.first())
                    .append(' ')
                    .append(each.last())
                    .append(' ')
                    .append(each.bytes())
                    .append(each.packed() ? " packed" : "")
                    .append('\n');
        }
        // As a whole: another list may be there, and somebody read it.
        DurableFiles.write(snapshot.resolve(NAME), text.toString());
    }

    /** By the last index; where none are listed, none are needed. */
    public static List<KeptSegment> read(Path snapshot) throws IOException {
        Path file = snapshot.resolve(NAME);
        List<KeptSegment> segments = new ArrayList<>();
        if (!Files.exists(file)) {
            throw damaged("The snapshot in " + snapshot + " has no list of segments.");
        }
        // What is no UTF-8 matches no line either.
        for (String each : new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            Matcher line = LINE.matcher(each);
            if (!line.matches()) {
                throw damaged("The list of segments of the snapshot in " + snapshot + " is damaged.");
            }
            segments.add(new KeptSegment(
                    Long.parseLong(line.group(1)),
                    Long.parseLong(line.group(2)),
                    Long.parseLong(line.group(3)),
                    line.group(4) != null));
        }
        segments.sort(Comparator.comparingLong(KeptSegment::last));
        return segments;
    }

    /**
     * Gives a snapshot that lacks segments which it lists, or has them cut off, those that are kept.
     *
     * @param end index of the last entry that it contains
     */
    public static void complete(Path snapshot, long end, KeptSegments kept) throws IOException {
        if (!isWhole(snapshot) && kept.end() >= end) {
            LOG.warn("The snapshot in {} has lost segments, and is given those that this node keeps", snapshot);
            kept.layOut(snapshot);
        }
    }

    /** Whether a snapshot has all segments that it lists, each as long as it should be. Reads no bodies. */
    private static boolean isWhole(Path snapshot) throws IOException {
        try {
            for (KeptSegment segment : read(snapshot)) {
                if (!KeptSegment.describedIn(snapshot, segment).equals(segment)) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException | DamagedFileException e) {
            return false;
        }
    }

    private static IOException damaged(String message) {
        return new DamagedFileException(DamagedFileException.SNAPSHOT, message);
    }
}
