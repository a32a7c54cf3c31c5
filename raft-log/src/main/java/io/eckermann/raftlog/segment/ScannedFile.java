package io.eckermann.raftlog.segment;

import io.eckermann.raftlog.segment.SegmentFile.Entry;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.BodyReads;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.SharedFile;
import io.eckermann.statemachine.command.CommandCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A segment whose bodies are found as far as somebody has asked. It reads forward only, each entry once, and never
 * beyond what it is asked for: what is behind may be half written. Safe from any thread.
 */
final class ScannedFile {
    private static final int WINDOW_BYTES_MIN = 16 << 10;
    private static final int WINDOW_BYTES_MAX = 1 << 20;
    private static final int VARINT_BYTES_MAX = 5;

    private final SegmentFile segment;
    private final SharedFile file;
    private final @Nullable Object key;
    // Guarded by this.
    private final BodyOffsets offsets;
    private long nextIndex;
    private long nextAt = SegmentFile.FIRST_ENTRY_AT;

    /** A segment's bodies so far. */
    record Scan(KeptSegment segment, BodyOffsets offsets) {}

    /**
     * @param file open; belongs to this from now on
     */
    ScannedFile(SegmentFile segment, SharedFile file) throws IOException {
        this(segment, file, new BodyOffsets(segment.first()), segment.first(), SegmentFile.FIRST_ENTRY_AT);
    }

    private ScannedFile(SegmentFile segment, SharedFile file, BodyOffsets offsets, long nextIndex, long nextAt)
            throws IOException {
        this.segment = segment;
        this.file = file;
        key = key(segment.path());
        this.offsets = offsets;
        this.nextIndex = nextIndex;
        this.nextAt = nextAt;
    }

    /** The same file after it was renamed, or closed by an interrupted reader. */
    synchronized ScannedFile movedTo(SegmentFile now, SharedFile reopened) throws IOException {
        return new ScannedFile(now, reopened, offsets.copy(), nextIndex, nextAt);
    }

    /** Says whether two names are of one file. */
    static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Nullable
    Object key() {
        return key;
    }

    SegmentFile segment() {
        return segment;
    }

    SharedFile file() {
        return file;
    }

    /** Where the body is, the file acquired; null when it is not in this file, or the file is closed. */
    synchronized BodyReads.@Nullable Place locate(ChunkAddress address) throws IOException {
        if (!scanTo(address.raftIndex())) {
            return null;
        }
        long position = offsets.position(address);
        return position >= 0 && file.acquire() ? new BodyReads.Place(file, position, address.length()) : null;
    }

    /** The bodies up to an entry at least; null when the file does not reach to it. */
    synchronized @Nullable Scan to(long raftIndex) throws IOException {
        return scanTo(raftIndex)
                ? new Scan(new KeptSegment(segment.first(), nextIndex - 1, nextAt), offsets.copy())
                : null;
    }

    private boolean scanTo(long raftIndex) throws IOException {
        if (raftIndex < nextIndex) {
            return true;
        }
        if (!file.isOpen()) {
            return false;
        }
        ByteBuffer window = ByteBuffer.allocate(0);
        long windowAt = nextAt;
        int windowBytes = WINDOW_BYTES_MIN;
        while (nextIndex <= raftIndex) {
            int at = (int) (nextAt - windowAt);
            int bytes = SegmentFile.entryBytes(window, at);
            if (bytes == 0) {
                return false;
            }
            int wanted = bytes < 0 ? VARINT_BYTES_MAX : bytes;
            if (at + wanted > window.limit() && !(bytes > 0 && at + bytes <= window.limit())) {
                int had = window.limit() - at;
                window = read(nextAt, Math.max(windowBytes, wanted));
                windowAt = nextAt;
                windowBytes = Math.min(4 * windowBytes, WINDOW_BYTES_MAX);
                if (window.limit() <= had) {
                    return false;
                }
                continue;
            }
            if (!take(window, at, windowAt)) {
                return false;
            }
        }
        return true;
    }

    private boolean take(ByteBuffer window, int at, long windowAt) throws IOException {
        Entry entry = SegmentFile.entryAt(window, at);
        if (entry == null) {
            throw new IOException(file.path() + " (the entry at offset " + nextAt + " does not match its checksum)");
        }
        if (entry.index() != nextIndex) {
            return false;
        }
        ByteBuffer command = SegmentFile.command(window, entry);
        if (command != null) {
            long commandAt = windowAt + command.position();
            CommandCodec.bodies(
                    command,
                    (ordinal, position, length) -> offsets.add(entry.index(), ordinal, commandAt + position, length));
        }
        nextIndex++;
        nextAt = windowAt + entry.end();
        return true;
    }

    private ByteBuffer read(long position, int bytes) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(bytes);
        int read;
        do {
            read = file.channel().read(window, position + window.position());
        } while (read > 0);
        return window.flip();
    }
}
