package io.eckermann.statemachine;

import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.chunk.LivePiece;
import io.eckermann.statemachine.chunk.MendedBodies;
import io.eckermann.statemachine.chunk.SegmentRewrite;
import io.eckermann.statemachine.topic.LiveChunks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives back the space that dead events take in kept segments: {@link #survey} says how much is dead in each,
 * {@link #write} writes some of them anew, {@link #finish} lets those take the old ones' places. A matter of this node
 * alone: no row changes. What is dead by the rows of a moment stays dead; but those rows must be what a crash, or a node
 * that is sent a snapshot, falls back to, before anything goes. Used by one thread at a time, beside all others.
 */
public final class Scavenging {
    /** Less is not worth writing anew what lies around it. */
    private static final long INDEX_BYTES_MIN = 256 << 10;

    private final LiveStore store;
    private final Backlog backlog;
    private final Bodies bodies;
    private final KeptSegments kept;
    private final SnapshotShelf shelf;
    private final Runnable takeSnapshot;
    private final Object snapshots;
    private final List<SegmentRewrite> written = new ArrayList<>();
    private final Map<KeptSegment, Long> bodyBytes = new LinkedHashMap<>();

    /**
     * A kept segment.
     *
     * @param bytes what its files take
     * @param bodyBytes how much of that is bodies
     * @param liveBytes about how many bytes of those are needed; 0 only when none is
     * @param mustErase it holds bytes of deleted events
     */
    public record Use(KeptSegment segment, long bytes, long bodyBytes, long liveBytes, boolean mustErase) {
        /** Bytes of bodies that nobody needs. */
        public long deadBytes() {
            return Math.max(0, bodyBytes - liveBytes);
        }
    }

    /** @param snapshots held while a snapshot is made or put in place */
    Scavenging(
            LiveStore store,
            Backlog backlog,
            Bodies bodies,
            SnapshotShelf shelf,
            Runnable takeSnapshot,
            Object snapshots) {
        this.store = store;
        this.backlog = backlog;
        this.bodies = bodies;
        this.kept = bodies.kept();
        this.shelf = shelf;
        this.takeSnapshot = takeSnapshot;
        this.snapshots = snapshots;
    }

    /** Every kept segment, as far as what it holds is applied, by its first entry. */
    public List<Use> survey() throws IOException {
        // Before the rows are looked at: of later entries, which may come with a snapshot, these know nothing.
        long visible = backlog.visible().index();
        List<KeptSegment> segments = kept.segments().stream()
                .filter(segment -> segment.last() <= visible)
                .toList();
        List<Long> live = store.read(rows -> new LiveChunks(rows).bytes(segments));
        List<List<ChunkAddress>> erased = store.read(
                rows -> segments.stream().map(new LiveChunks(rows)::erased).toList());
        List<Use> uses = new ArrayList<>(segments.size());
        for (int i = 0; i < segments.size(); i++) {
            KeptSegment segment = segments.get(i);
            boolean mustErase = !erased.get(i).isEmpty() && kept.reads().hasAny(segment, erased.get(i));
            uses.add(new Use(segment, kept.reads().fileBytes(segment), bodyBytes(segment), live.get(i), mustErase));
        }
        bodyBytes.keySet().retainAll(Set.copyOf(segments));
        return uses;
    }

    /** What a segment holds never changes, and is found out once. */
    private long bodyBytes(KeptSegment segment) throws IOException {
        Long known = bodyBytes.get(segment);
        if (known == null) {
            known = kept.reads().bodyBytes(segment);
            bodyBytes.put(segment, known);
        }
        return known;
    }

    /**
     * Writes what is needed of a segment into a draft.
     *
     * @return false when the pace ended it
     * @throws IOException when it can't, or the segment is damaged: it stays as it is
     */
    public boolean write(Use use, SegmentRewrite.Pace pace) throws IOException {
        List<LivePiece> pieces = store.read(rows -> new LiveChunks(rows).pieces(use.segment()));
        SegmentRewrite rewrite = new SegmentRewrite(kept, use.segment());
        try {
            boolean whole = rewrite.write(pieces, pace);
            if (whole) {
                written.add(rewrite);
            }
            return whole;
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Lets the drafts take the old segments' places, also in the newest snapshot.
     *
     * @return how many bytes that gave back
     */
    public long finish() throws IOException {
        if (written.isEmpty()) {
            return 0;
        }
        // It has every row by which something was found dead.
        takeSnapshot.run();
        long bytes = 0;
        synchronized (snapshots) {
            for (SegmentRewrite rewrite : written) {
                bytes += rewrite.finish();
            }
            written.clear();
            Snapshot latest = shelf.latest();
            if (latest != null) {
                kept.layOut(latest.directory());
            }
        }
        return bytes;
    }

    /**
     * Has the index give back what it took for events, and for topics, that were removed together.
     *
     * @return about how many bytes that were
     */
    public long compactIndex() {
        long[] bytes = {0};
        store.use(open -> bytes[0] = open.compact(INDEX_BYTES_MIN));
        return bytes[0];
    }

    /** The bodies that are here, for another node that misses some. */
    public ChunkSource bodies() {
        return bodies;
    }

    /** What is kept, and wholly known to the rows. */
    public List<KeptSegment> keptSegments() {
        long visible = backlog.visible().index();
        return kept.segments().stream()
                .filter(segment -> segment.last() <= visible)
                .toList();
    }

    /**
     * Reads a segment through.
     *
     * @throws IOException that names the file, when it is damaged
     */
    public void verify(KeptSegment segment) throws IOException {
        kept.verify(kept.data(segment));
    }

    /**
     * Writes a damaged segment anew, out of what is sound in it and what other nodes have of the rest. Each body is compared
     * with the checksum that this node's index has of it.
     *
     * @param others are asked one after the other
     * @return how many bodies came from them
     * @throws IOException when somebody has to, and nobody can: the segment stays as it is
     */
    public int mend(KeptSegment segment, List<? extends ChunkSource> others, SegmentRewrite.Pace pace)
            throws IOException {
        List<LivePiece> pieces = store.read(rows -> new LiveChunks(rows).pieces(segment));
        MendedBodies mended = new MendedBodies(kept, others, pieces);
        SegmentRewrite rewrite = new SegmentRewrite(kept, segment, mended);
        if (!rewrite.write(pieces, pace)) {
            throw new IOException("The mending of " + segment.dataName() + " was broken off.");
        }
        written.add(rewrite);
        finish();
        return mended.fetched();
    }

    /** Gives the drafts up. */
    public void abandon() throws IOException {
        for (SegmentRewrite rewrite : written) {
            rewrite.abandon();
        }
        written.clear();
    }
}
