package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kept segment on its way to be written anew: first a draft with the bytes that are needed, then that takes the
 * segment's place. What a crash interrupts leaves the segment as it was. Used by one thread at a time.
 */
public final class SegmentRewrite {
    /** How much is read at once. */
    private static final int STROKE_BYTES = 1 << 20;

    private static final int STROKE_PIECES = 4_096;

    private final KeptSegments kept;
    private final KeptSegment segment;
    private final ChunkSource bodies;

    /** Lets the work go on, or not: it is asked often. */
    @FunctionalInterface
    public interface Pace {
        /** Waits as long as it has to after so many bytes; false to end the work. */
        boolean goOn(long bytes);
    }

    public SegmentRewrite(KeptSegments kept, KeptSegment segment) {
        this(kept, segment, kept);
    }

    /** The same out of bodies that may be elsewhere, too. */
    public SegmentRewrite(KeptSegments kept, KeptSegment segment, ChunkSource bodies) {
        this.kept = kept;
        this.segment = segment;
        this.bodies = bodies;
    }

    /**
     * Writes the draft.
     *
     * @param pieces what is needed, in the order of the addresses
     * @return false when it was ended, or a longer segment has taken this one's place: there is no draft then
     * @throws IOException that names the file, when the segment is damaged: it stays as it is
     */
    public boolean write(List<LivePiece> pieces, Pace pace) throws IOException {
        Path draft = draft();
        boolean whole = false;
        try (PackedSegment.Writer out = new PackedSegment.Writer(draft, segment)) {
            whole = copy(pieces, out, pace);
            if (whole) {
                out.finish();
            }
            return whole;
        } finally {
            if (!whole) {
                Files.deleteIfExists(draft);
            }
        }
    }

    private boolean copy(List<LivePiece> pieces, PackedSegment.Writer out, Pace pace) throws IOException {
        int from = 0;
        while (from < pieces.size()) {
            int to = from;
            long bytes = 0;
            while (to < pieces.size()
                    && to - from < STROKE_PIECES
                    && (to == from || bytes + pieces.get(to).address().length() <= STROKE_BYTES)) {
                bytes += pieces.get(to).address().length();
                to++;
            }
            List<LivePiece> some = pieces.subList(from, to);
            List<@Nullable ByteString> found =
                    bodies.find(some.stream().map(LivePiece::address).toList());
            for (int i = 0; i < some.size(); i++) {
                ByteString body = found.get(i);
                if (body == null || EventsCodec.crc32c(body) != some.get(i).crc32c()) {
                    throw new IOException("The kept segment " + kept.data(segment)
                            + " is damaged, and is not written anew: it lacks what belongs to entry "
                            + some.get(i).address().raftIndex() + ".");
                }
                out.add(some.get(i).address(), body);
            }
            from = to;
            if (!pace.goOn(bytes)) {
                return false;
            }
        }
        return true;
    }

    private Path draft() {
        return kept.directory().resolve(segment.asPacked().dataName() + KeptSegments.DRAFT);
    }

    /**
     * Puts the draft in the segment's place.
     *
     * @return how many bytes that gave back
     */
    public long finish() throws IOException {
        return kept.replace(segment, draft());
    }

    /** Gives the draft up. */
    public void abandon() throws IOException {
        Files.deleteIfExists(draft());
    }
}
