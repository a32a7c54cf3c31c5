package io.eckermann.statemachine.chunk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is in the files of kept segments; those that were read last stay open. Safe from any thread. */
public final class SegmentReads implements AutoCloseable {
    private static final int OPEN_MAX = 32;

    private final Path directory;
    /** What was read last; guarded by itself. */
    private final Map<KeptSegment, OpenSegment> open = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KeptSegment, OpenSegment> eldest) {
            if (size() > OPEN_MAX) {
                eldest.getValue().file().release();
                return true;
            }
            return false;
        }
    };

    private record OpenSegment(SharedFile file, BodyPlaces places) {}

    SegmentReads(Path directory) {
        this.directory = directory;
    }

    /** Where the segment has the body, its file acquired; null when it has not. */
    BodyReads.@Nullable Place locate(KeptSegment segment, ChunkAddress address) throws IOException {
        synchronized (open) {
            OpenSegment known = open.get(segment);
            if (known != null && !known.file().isOpen()) {
                open.remove(segment);
                known.file().release();
                known = null;
            }
            if (known == null) {
                SharedFile file = SharedFile.open(directory.resolve(segment.dataName()));
                known = new OpenSegment(file, places(segment, file));
                open.put(segment, known);
            }
            long position = known.places().position(address);
            if (position < 0 || !known.file().acquire()) {
                return null;
            }
            return new BodyReads.Place(known.file(), position, address.length());
        }
    }

    private BodyPlaces places(KeptSegment segment, SharedFile file) throws IOException {
        try {
            // Of a packed one the table in this very file: another may take its name just now.
            return segment.packed()
                    ? PackedSegment.offsets(file.path(), file.channel(), segment)
                    : segment.offsets(directory.resolve(segment.sideName()));
        } catch (IOException e) {
            file.release();
            throw e;
        }
    }

    /** Who reads the segment goes on; whoever comes next opens it anew. */
    void forget(KeptSegment segment) {
        synchronized (open) {
            OpenSegment unused = open.remove(segment);
            if (unused != null) {
                unused.file().release();
            }
        }
    }

    /** Whether the segment has the bytes that one of the addresses points to. */
    public boolean hasAny(KeptSegment segment, List<ChunkAddress> addresses) throws IOException {
        try {
            BodyPlaces places = segment.places(directory);
            return addresses.stream().anyMatch(address -> places.position(address) >= 0);
        } catch (NoSuchFileException e) {
            // Another one has just taken its place.
            return false;
        }
    }

    /** How many bytes of bodies a segment has, live and dead; 0 when another one has just taken its place. Reads a table. */
    public long bodyBytes(KeptSegment segment) throws IOException {
        try {
            return segment.places(directory).bytesOfBodies();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** What a segment's files take. */
    public long fileBytes(KeptSegment segment) throws IOException {
        try {
            return Files.size(directory.resolve(segment.dataName()))
                    + (segment.packed() ? 0 : Files.size(directory.resolve(segment.sideName())));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(each -> each.file().release());
            open.clear();
        }
    }
}
