package io.eckermann.raftlog.segment;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.raftlog.segment.ScannedFile.Scan;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.BodyReads;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.chunk.SharedFile;
import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bodies in the log's own files, and their way into the kept segments. Asked for applied entries only: those are on this
 * node's disk, and are never cut off again. Ratis renames and deletes the files meanwhile; a file that is open here
 * stays readable, and what is deleted was kept before. Safe from any thread.
 */
public final class LiveBodies implements BodyLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBodies.class);
    private static final int TRIES = 5;

    private final Path directory;
    private final KeptSegments kept;
    /** Held while segments are kept; taken before this. */
    private final Object keeping = new Object();
    /** By first index; replaced as a whole under this, never changed. */
    private volatile NavigableMap<Long, ScannedFile> files = new TreeMap<>();

    /** The last applied entry that was asked for; guarded by this. */
    private long appliedMax = -1;

    private volatile boolean closed;

    /**
     * @param directory of the log's files; may not be there yet
     */
    public LiveBodies(Path directory, KeptSegments kept) {
        this.directory = directory;
        this.kept = kept;
    }

    /**
     * Makes missing side files anew, and checks that no kept segment is missing. Before anything is deleted from the log.
     *
     * @throws IOException one sentence for the operator, when the node must not start
     */
    public void checkKept() throws IOException {
        for (Path data : kept.undescribed()) {
            KeptSegment name = KeptSegment.named(data).orElseThrow();
            if (name.last() > kept.end()) {
                describe(data, name);
            }
        }
        kept.requireWhole();
        for (Path data : kept.undescribed()) {
            LOG.info("Deleting {}: a longer segment has taken its place", data);
            Files.delete(data);
        }
    }

    /**
     * Checks that every entry's body is in a kept segment or in the log.
     *
     * @param applied index of the state's last durable entry, -1 for none
     * @param end index of the log's last entry, -1 for none
     * @throws IOException one sentence for the operator, when the node must not start
     */
    public void check(long applied, long end) throws IOException {
        refresh(applied);
        long start = files.isEmpty() ? Long.MAX_VALUE : files.firstKey();
        long keptEnd = kept.end();
        if (keptEnd < applied && (start > keptEnd + 1 || end < applied)) {
            throw DamagedFileException.ofKeptLog("Events up to entry " + applied
                    + " are indexed, but the kept segments in " + kept.directory() + " end at " + keptEnd
                    + " and the Raft log "
                    + (files.isEmpty() ? "is empty" : "begins at " + start + " and ends at " + end));
        }
    }

    private void describe(Path data, KeptSegment name) throws IOException {
        LOG.warn("The side file of {} is missing and is made anew", data);
        Scan scan;
        try {
            scan = checkedScan(data, name);
        } catch (DamagedFileException e) {
            throw DamagedFileException.ofKeptLog(
                    "A kept segment is damaged, and with it events, look at " + e.getMessage(), e);
        }
        kept.describe(scan.segment(), scan.offsets());
    }

    /** Reads a whole segment, and compares every entry with its checksum. */
    private static Scan checkedScan(Path data, KeptSegment name) throws IOException {
        SharedFile file = SharedFile.open(data);
        try {
            SegmentFile segment = new SegmentFile(data, name.first(), name.last());
            Scan scan = ScannedFile.checked(segment, file).to(name.last());
            if (scan == null) {
                throw new ClosedChannelException();
            }
            return scan;
        } finally {
            file.release();
        }
    }

    @Override
    public void verify(Path data, KeptSegment segment, BodyOffsets offsets) throws IOException {
        Scan scan = checkedScan(data, segment);
        if (!scan.segment().equals(segment) || !scan.offsets().matches(offsets)) {
            throw new DamagedFileException(
                    DamagedFileException.KEPT_LOG, data + " is not the segment that its side file describes.");
        }
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        return BodyReads.find(addresses, this::locate);
    }

    private BodyReads.@Nullable Place locate(ChunkAddress address) throws IOException {
        BodyReads.Place place = locate(files, address);
        if (place == null) {
            refresh(address.raftIndex());
            place = locate(files, address);
        }
        return place;
    }

    private static BodyReads.@Nullable Place locate(NavigableMap<Long, ScannedFile> files, ChunkAddress address)
            throws IOException {
        Map.Entry<Long, ScannedFile> file = files.floorEntry(address.raftIndex());
        return file == null ? null : file.getValue().locate(address);
    }

    /**
     * Sees which files there are now. Those that are kept whole are not looked at any more, nor are those that begin
     * behind every applied entry: they may be deleted, and come again with other entries.
     *
     * @param applied index of an applied entry
     */
    private synchronized void refresh(long applied) throws IOException {
        appliedMax = Math.max(appliedMax, applied);
        if (closed) {
            throw new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
        }
        NavigableMap<Long, ScannedFile> before = files;
        NavigableMap<Long, ScannedFile> now = new TreeMap<>();
        long keptEnd = kept.end();
        try (Stream<Path> paths = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path path : paths.toList()) {
                SegmentFile segment = SegmentFile.of(path).orElse(null);
                if (segment == null
                        || segment.first() > appliedMax
                        || (!segment.isOpen() && segment.last() <= keptEnd)) {
                    continue;
                }
                try {
                    now.put(segment.first(), opened(segment, before.get(segment.first())));
                } catch (NoSuchFileException e) {
                    // Renamed or deleted just now: whoever misses it looks again.
                    LOG.debug("{} went away", path);
                }
            }
        }
        files = now;
        before.forEach((first, file) -> {
            ScannedFile same = now.get(first);
            if (same == null || same.file() != file.file()) {
                file.file().release();
            }
        });
    }

    private static ScannedFile opened(SegmentFile segment, @Nullable ScannedFile before) throws IOException {
        boolean same = before != null && Objects.equals(before.key(), ScannedFile.key(segment.path()));
        if (before != null
                && same
                && before.segment().equals(segment)
                && before.file().isOpen()) {
            return before;
        }
        SharedFile file = SharedFile.open(segment.path());
        return before != null && same ? before.movedTo(segment, file) : new ScannedFile(segment, file);
    }

    /** Keeps the closed segments that end at or before an applied entry. */
    public void keepClosed(long raftIndex) throws IOException {
        synchronized (keeping) {
            keep(raftIndex, true);
        }
    }

    @Override
    public void keep(long raftIndex) throws IOException {
        synchronized (keeping) {
            // Also the beginning of the open segment: it may be closed, and purged, as soon as this returns.
            for (int tries = 1; kept.end() < raftIndex; tries++) {
                try {
                    keep(raftIndex, false);
                } catch (NoSuchFileException | ClosedChannelException e) {
                    LOG.debug("A segment was renamed, or its reader interrupted, while it was kept", e);
                }
                if (tries == TRIES && kept.end() < raftIndex) {
                    throw new IOException("The kept segments end at " + kept.end() + ", and entries up to " + raftIndex
                            + " are not in the log in " + directory + ".");
                }
            }
        }
    }

    private void keep(long raftIndex, boolean closedOnly) throws IOException {
        refresh(raftIndex);
        for (ScannedFile file : files.values()) {
            SegmentFile segment = file.segment();
            boolean whole = !segment.isOpen() && segment.last() <= raftIndex;
            boolean follows = segment.first() <= kept.end() + 1;
            if (segment.first() > raftIndex || !follows || (!whole && closedOnly)) {
                // What it does not follow was renamed while the directory was read: the next look finds it.
                return;
            }
            Scan scan = file.to(whole ? segment.last() : raftIndex);
            if (scan == null) {
                return;
            }
            LOG.debug("Keeping {}, {} bytes of which were read", segment.path(), file.bytesRead());
            kept.keep(segment.path(), scan.segment(), scan.offsets());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        files.values().forEach(file -> file.file().release());
        files = new TreeMap<>();
    }
}
