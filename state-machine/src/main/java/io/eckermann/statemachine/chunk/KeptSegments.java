package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.storage.DamagedFileException;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of the Raft log that this state machine has taken over, in a directory of its own. Segments that came
 * with a snapshot from another node may overlap with own ones; both hold the same entries.
 *
 * <p>Safe from any thread; finding does not wait for keeping.
 */
public final class KeptSegments implements ChunkSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSegments.class);
    static final String DRAFT = ".tmp";

    private final Path directory;
    private final FileLinks links;
    private final SegmentReads reads;
    /** By first index; replaced as a whole, never changed. */
    private volatile NavigableMap<Long, KeptSegment> segments;

    private volatile SegmentCheck check = (data, segment, offsets) -> {};
    /** Whether the last attempt to link had to copy instead: said once. */
    private boolean copies;
    /** See {@link BodyLog#verify}. */
    @FunctionalInterface
    public interface SegmentCheck {
        void verify(Path data, KeptSegment segment, BodyOffsets offsets) throws IOException;
    }

    private KeptSegments(Path directory, FileLinks links, NavigableMap<Long, KeptSegment> segments) {
        this.directory = directory;
        this.links = links;
        this.reads = new SegmentReads(directory);
        this.segments = segments;
    }

    /**
     * Lists what is kept in a directory, which is made if it is not there.
     *
     * @throws IOException that names the file, when one is missing or too short
     */
    public static KeptSegments open(Path directory, FileLinks links) throws IOException {
        Files.createDirectories(directory);
        NavigableMap<Long, KeptSegment> found = new TreeMap<>();
        List<KeptSegment> replaced = new ArrayList<>();
        for (Path file : DurableFiles.list(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(DRAFT)) {
                Files.delete(file);
            } else if (name.endsWith(KeptSegment.PACKED)
                    || (name.endsWith(KeptSegment.SIDE) && !PackedSegment.replaced(directory, file))) {
                KeptSegment segment = KeptSegment.describedIn(
                        directory, KeptSegment.named(file).orElseThrow());
                KeptSegment other = found.get(segment.first());
                if (other == null || other.last() < segment.last()) {
                    found.put(segment.first(), segment);
                } else {
                    other = segment;
                }
                if (other != null) {
                    replaced.add(other);
                }
            }
        }
        KeptSegments kept = new KeptSegments(directory, links, found);
        for (KeptSegment each : replaced) {
            kept.discard(each);
        }
        return kept;
    }

    /** Index up to which every entry since the very first is kept, -1 when none is. */
    public long end() {
        long end = -1;
        for (KeptSegment segment : segments.values()) {
            if (segment.first() > end + 1) {
                return end;
            }
            end = Math.max(end, segment.last());
        }
        return end;
    }

    /** What is in the segments' files. */
    public SegmentReads reads() {
        return reads;
    }

    /** Where the segments are. */
    public Path directory() {
        return directory;
    }

    /** All segments, by their first entry. */
    public List<KeptSegment> segments() {
        return List.copyOf(segments.values());
    }

    /** Where a segment's copy of the log's file is. */
    public Path data(KeptSegment segment) {
        return directory.resolve(segment.dataName());
    }

    /** Where a segment's side file is. */
    public Path side(KeptSegment segment) {
        return directory.resolve(segment.sideName());
    }

    /** Files of the log that are kept, but whose side file is missing: {@link #describe} makes it anew. */
    public List<Path> undescribed() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : DurableFiles.list(directory)) {
            KeptSegment name = KeptSegment.named(file).orElse(null);
            if (name != null && KeptSegment.isLogFile(file) && !Files.exists(side(name))) {
                found.add(file);
            }
        }
        return found;
    }

    /**
     * Checks that no entry is missing from the first that ever was to the last that is kept.
     *
     * @throws IOException that names the place, for the operator
     */
    public void requireWhole() throws IOException {
        long next = 0;
        for (KeptSegment segment : segments.values()) {
            if (segment.first() > next) {
                throw DamagedFileException.ofKeptLog("Entries " + next + " to " + (segment.first() - 1)
                        + " are missing before " + data(segment) + ", and with them events");
            }
            next = Math.max(next, segment.last() + 1);
        }
    }

    /**
     * Keeps a file of the log: it is shared, or copied where that is impossible, and is on the disk when this returns.
     *
     * @throws IOException also when entries are missing between what is kept and the segment: keep those first
     */
    public synchronized void keep(Path logFile, KeptSegment segment, BodyOffsets offsets) throws IOException {
        if (segment.last() <= end()) {
            return;
        }
        if (segment.first() > end() + 1) {
            throw new IOException("Entries " + (end() + 1) + " to " + (segment.first() - 1) + " must be kept before "
                    + logFile + " is.");
        }
        DurableFiles.sync(logFile);
        Path draft = directory.resolve(segment.dataName() + DRAFT);
        link(logFile, draft, segment.bytes());
        Files.move(draft, data(segment), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        describe(segment, offsets);
    }

    /** Writes a segment's side file, and knows the segment from then on. */
    public synchronized void describe(KeptSegment segment, BodyOffsets offsets) throws IOException {
        Path draft = directory.resolve(segment.sideName() + DRAFT);
        Files.write(draft, segment.encode(offsets));
        DurableFiles.sync(draft);
        DurableFiles.move(draft, side(segment));
        add(segment);
    }

    /**
     * Lays all segments, and a list of them, into a snapshot's directory; its entries are on the disk afterwards. One that
     * has them already is given those that are kept now: what was dropped since then need not be there any more.
     */
    public synchronized void layOut(Path snapshot) throws IOException {
        List<KeptSegment> all = segments();
        Set<Path> laidOut = new HashSet<>();
        for (KeptSegment segment : all) {
            laidOut.add(layOut(data(segment), snapshot, segment.bytes()));
            if (!segment.packed()) {
                laidOut.add(layOut(side(segment), snapshot, Long.MAX_VALUE));
            }
        }
        SegmentList.write(snapshot, all);
        for (Path file : DurableFiles.list(snapshot)) {
            if (KeptSegment.named(file).isPresent() && !laidOut.contains(file)) {
                Files.delete(file);
            }
        }
    }

    private Path layOut(Path file, Path snapshot, long bytes) throws IOException {
        Path target = snapshot.resolve(String.valueOf(file.getFileName()));
        if (!Files.exists(target)) {
            link(file, target, bytes);
        } else if (!Files.isSameFile(file, target)) {
            linkDurably(file, target, bytes);
        }
        return target;
    }

    /**
     * Takes a draft, which holds what is live in a segment, in that segment's place; on the disk when this returns. Who reads
     * the segment goes on.
     *
     * @return how many bytes that gave back; 0 when the segment is not kept any more, and the draft was deleted
     */
    synchronized long replace(KeptSegment segment, Path draft) throws IOException {
        if (!segment.equals(segments.get(segment.first()))) {
            Files.delete(draft);
            return 0;
        }
        long before = reads.fileBytes(segment);
        KeptSegment packed = segment.asPacked();
        DurableFiles.move(draft, data(packed));
        KeptSegment described = PackedSegment.describedBy(data(packed));
        NavigableMap<Long, KeptSegment> next = new TreeMap<>(segments);
        next.put(segment.first(), described);
        segments = next;
        reads.forget(segment);
        if (!segment.packed()) {
            discard(segment);
        }
        return before - reads.fileBytes(described);
    }

    /** Says who compares segments with the log's checksums; before that, nobody does. */
    public void checkedBy(SegmentCheck log) {
        check = log;
    }

    /**
     * Reads a segment of a snapshot through, wherever that is, with the side file beside it.
     *
     * @throws IOException that names the file, when one of the two is damaged
     */
    public void verify(Path data) throws IOException {
        KeptSegment name = KeptSegment.named(data).orElseThrow(() -> new IOException(data + " is no segment"));
        if (name.packed()) {
            PackedSegment.verify(data, name);
            return;
        }
        Path side = data.resolveSibling(name.sideName());
        KeptSegment segment = KeptSegment.describedBy(side);
        check.verify(data, segment, segment.offsets(side));
    }

    /**
     * Takes over what a downloaded snapshot has and this node has not, on the disk when this returns; then the snapshot
     * gets what this node has. The entries are committed, so it does no harm when the snapshot is not installed after
     * all.
     *
     * @param raftIndex where the snapshot ends
     * @throws IOException when the snapshot lists a segment that neither it nor this node has, or one is damaged: then
     *     nothing is taken over
     */
    public void adopt(Path snapshot, long raftIndex) throws IOException {
        // They may be large, and nobody else shall wait for that.
        for (KeptSegment segment : lackedOf(snapshot, raftIndex)) {
            verify(snapshot.resolve(segment.dataName()));
        }
        takeOver(snapshot, raftIndex);
    }

    private synchronized void takeOver(Path snapshot, long raftIndex) throws IOException {
        // Those that were verified, or fewer: what is kept may have grown meanwhile, and never shrinks.
        List<KeptSegment> adopted = lackedOf(snapshot, raftIndex);
        for (KeptSegment segment : adopted) {
            linkDurably(snapshot.resolve(segment.dataName()), data(segment), segment.bytes());
            if (!segment.packed()) {
                linkDurably(snapshot.resolve(segment.sideName()), side(segment), Long.MAX_VALUE);
            }
        }
        DurableFiles.sync(directory);
        for (KeptSegment segment : adopted) {
            add(segment);
        }
        for (Path file : DurableFiles.list(snapshot)) {
            if (SegmentList.isPart(file)) {
                Files.delete(file);
            }
        }
        layOut(snapshot);
    }

    /** The segments of a snapshot that go on where the kept ones end. */
    private List<KeptSegment> lackedOf(Path snapshot, long raftIndex) throws IOException {
        List<KeptSegment> lacked = new ArrayList<>();
        long end = end();
        List<KeptSegment> listed = SegmentList.read(snapshot);
        for (KeptSegment segment : listed) {
            if (segment.last() <= end) {
                continue;
            }
            Path described = snapshot.resolve(segment.packed() ? segment.dataName() : segment.sideName());
            if (segment.first() > end + 1
                    || !Files.exists(described)
                    || !KeptSegment.describedIn(snapshot, segment).equals(segment)) {
                throw new IOException("The snapshot in " + snapshot + " lacks entries " + (end + 1) + " to "
                        + segment.last() + ", which this node has not.");
            }
            lacked.add(segment);
            end = segment.last();
        }
        if (!listed.isEmpty() && end < raftIndex) {
            throw new IOException("The segments of the snapshot in " + snapshot + " end at " + end + ", before the"
                    + " snapshot does, at " + raftIndex + ".");
        }
        return lacked;
    }

    private void linkDurably(Path file, Path target, long bytes) throws IOException {
        Path draft = target.resolveSibling(target.getFileName() + DRAFT);
        link(file, draft, bytes);
        DurableFiles.sync(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void link(Path file, Path target, long bytes) throws IOException {
        Files.deleteIfExists(target);
        if (!links.link(file, target, bytes) && !copies) {
            copies = true;
            LOG.warn(
                    "{} cannot be a second name of {}, so segments are copied: keep both on one filesystem",
                    target,
                    file);
        }
    }

    private void add(KeptSegment segment) throws IOException {
        NavigableMap<Long, KeptSegment> next = new TreeMap<>(segments);
        KeptSegment replaced = next.put(segment.first(), segment);
        segments = next;
        if (replaced != null && !replaced.equals(segment)) {
            discard(replaced);
        }
    }

    /** Takes away a segment's files; who reads them goes on. */
    private void discard(KeptSegment segment) throws IOException {
        reads.forget(segment);
        if (!segment.packed()) {
            // The side file first: a log's file alone is no segment.
            Files.deleteIfExists(side(segment));
        }
        Files.deleteIfExists(data(segment));
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        return BodyReads.find(addresses, this::locate);
    }

    private BodyReads.@Nullable Place locate(ChunkAddress address) throws IOException {
        NavigableMap<Long, KeptSegment> looked = segments;
        while (true) {
            try {
                return locate(looked, address);
            } catch (java.nio.file.NoSuchFileException e) {
                NavigableMap<Long, KeptSegment> now = segments;
                if (now == looked) {
                    throw new IOException(e.getFile() + " (it is missing)", e);
                }
                // Another one has just taken its place.
                looked = now;
            }
        }
    }

    /** Of segments that overlap, one may have been packed when more was dead. */
    private BodyReads.@Nullable Place locate(NavigableMap<Long, KeptSegment> looked, ChunkAddress address)
            throws IOException {
        long raftIndex = address.raftIndex();
        for (KeptSegment segment :
                looked.headMap(raftIndex, true).descendingMap().values()) {
            BodyReads.Place place = segment.holds(raftIndex) ? reads.locate(segment, address) : null;
            if (place != null || raftIndex > end()) {
                return place;
            }
        }
        return null;
    }

    @Override
    public void close() {
        reads.close();
    }
}
