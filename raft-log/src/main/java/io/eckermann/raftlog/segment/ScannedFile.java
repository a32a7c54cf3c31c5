package io.eckermann.raftlog.segment;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.BodyReads;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.SharedFile;
import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment whose bodies are found as far as somebody has asked. It goes forward only, over each entry once, and never
 * looks at one beyond what it is asked for: what is behind may be half written. Of this node's own files it reads only
 * what says where bodies are, as a body is compared with its own checksum when it is read. Safe from any thread.
 */
final class ScannedFile {
    private final SegmentFile segment;
    private final SharedFile file;
    private final @Nullable Object key;
    private final boolean checked;
    // Guarded by this.
    private final BodyOffsets offsets;
    private long nextIndex;
    private long nextAt;
    private long bytesRead;

    /** A segment's bodies so far. */
    record Scan(KeptSegment segment, BodyOffsets offsets) {}

    private record Body(int ordinal, long position, int bytes) {}

    /**
     * @param file open; belongs to this from now on
     */
    ScannedFile(SegmentFile segment, SharedFile file) throws IOException {
        this(segment, file, false);
    }

    private ScannedFile(SegmentFile segment, SharedFile file, boolean checked) throws IOException {
        this(segment, file, checked, new BodyOffsets(segment.first()), segment.first(), SegmentFile.FIRST_ENTRY_AT);
    }

    private ScannedFile(
            SegmentFile segment, SharedFile file, boolean checked, BodyOffsets offsets, long nextIndex, long nextAt)
            throws IOException {
        this.segment = segment;
        this.file = file;
        this.checked = checked;
        key = key(segment.path());
        this.offsets = offsets;
        this.nextIndex = nextIndex;
        this.nextAt = nextAt;
    }

    /** A file of which every entry is read whole and compared with its checksum. */
    static ScannedFile checked(SegmentFile segment, SharedFile file) throws IOException {
        return new ScannedFile(segment, file, true);
    }

    /** The same file after it was renamed, or closed by an interrupted reader. */
    synchronized ScannedFile movedTo(SegmentFile now, SharedFile reopened) throws IOException {
        return new ScannedFile(now, reopened, checked, offsets.copy(), nextIndex, nextAt);
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

    /**
     * The bodies up to an entry at least; null when the file does not reach to it, or is closed.
     *
     * @throws IOException also when the file's name says that it reaches to the entry, and it does not
     */
    synchronized @Nullable Scan to(long raftIndex) throws IOException {
        if (scanTo(raftIndex)) {
            return new Scan(new KeptSegment(segment.first(), nextIndex - 1, nextAt), offsets.copy());
        }
        if (file.isOpen() && raftIndex <= segment.last()) {
            throw damaged("it ends at offset " + nextAt + ", before entry " + nextIndex, null);
        }
        return null;
    }

    /** What was read of the file to find bodies, since it was opened. */
    synchronized long bytesRead() {
        return bytesRead;
    }

    private boolean scanTo(long raftIndex) throws IOException {
        if (raftIndex < nextIndex) {
            return true;
        }
        if (!file.isOpen()) {
            return false;
        }
        long end = file.channel().size();
        SparseInput input = new SparseInput(file.channel(), nextAt, end);
        CodedInputStream in = CodedInputStream.newInstance(input, SparseInput.WINDOW_BYTES_MIN);
        try {
            while (nextIndex <= raftIndex) {
                // Positions in the stream are those in the entry.
                in.resetSizeCounter();
                if (!takeNext(in, end)) {
                    return false;
                }
            }
            return true;
        } catch (InvalidProtocolBufferException | EOFException e) {
            throw damaged("the entry at offset " + nextAt + " cannot be read: " + e.getMessage(), e);
        } finally {
            bytesRead += input.bytesRead();
        }
    }

    private boolean takeNext(CodedInputStream in, long end) throws IOException {
        int length = SegmentFile.entryLength(in);
        if (length == 0) {
            return false;
        }
        long entryEnd = nextAt + SegmentFile.entryBytes(in.getTotalBytesRead(), length);
        if (entryEnd > end) {
            throw damaged("the entry at offset " + nextAt + " is cut off", null);
        }
        if (checked && !SegmentFile.matchesChecksum(file.channel(), nextAt, entryEnd)) {
            throw damaged("the entry at offset " + nextAt + " does not match its checksum", null);
        }
        List<Body> bodies = new ArrayList<>();
        long index = SegmentFile.readEntry(
                in, length, (ordinal, position, bytes) -> bodies.add(new Body(ordinal, nextAt + position, bytes)));
        if (index != nextIndex) {
            throw damaged("entry " + index + " is at offset " + nextAt + ", where " + nextIndex + " must be", null);
        }
        for (Body body : bodies) {
            offsets.add(index, body.ordinal(), body.position(), body.bytes());
        }
        nextIndex++;
        nextAt = entryEnd;
        return true;
    }

    private IOException damaged(String what, @Nullable IOException cause) {
        return new DamagedFileException(DamagedFileException.KEPT_LOG, file.path() + " (" + what + ")", cause);
    }
}
