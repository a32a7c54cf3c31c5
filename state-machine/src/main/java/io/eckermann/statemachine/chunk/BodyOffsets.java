package io.eckermann.statemachine.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where in a segment each body begins, in the order of Raft index and ordinal. Filled by one thread, then read by any.
 */
public final class BodyOffsets implements BodyPlaces {
    /** Index less the segment's first, ordinal, position, length: 4 bytes each, positions unsigned. */
    static final int ROW_BYTES = 4 * Integer.BYTES;

    private static final int ROWS_MIN = 64;
    private static final long POSITION_MAX = 0xffff_ffffL;

    private final long first;
    private ByteBuffer rows;
    private int count;

    /**
     * An empty table.
     *
     * @param first index of the segment's first entry
     */
    public BodyOffsets(long first) {
        this(first, ByteBuffer.allocate(ROWS_MIN * ROW_BYTES), 0);
    }

    private BodyOffsets(long first, ByteBuffer rows, int count) {
        this.first = first;
        this.rows = rows;
        this.count = count;
    }

    /** A table as {@link #bytes} gave it. */
    static BodyOffsets of(long first, ByteBuffer rows) {
        return new BodyOffsets(first, rows, rows.limit() / ROW_BYTES);
    }

    /** Adds the next body; the order of calls is that of the bodies. */
    public void add(long raftIndex, int ordinal, long position, int length) throws IOException {
        if (position > POSITION_MAX || raftIndex - first > Integer.MAX_VALUE) {
            throw new IOException("A segment of the Raft log is larger than 4 GiB: make raft.segment-size smaller.");
        }
        if (count * ROW_BYTES == rows.capacity()) {
            rows = ByteBuffer.wrap(Arrays.copyOf(rows.array(), Math.max(2 * rows.capacity(), ROWS_MIN * ROW_BYTES)));
        }
        rows.putInt(count * ROW_BYTES, (int) (raftIndex - first))
                .putInt(count * ROW_BYTES + 4, ordinal)
                .putInt(count * ROW_BYTES + 8, (int) position)
                .putInt(count * ROW_BYTES + 12, length);
        count++;
    }

    /** Where in the segment the address points to; -1 when no body there is that long. */
    @Override
    public long position(ChunkAddress address) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = middle * ROW_BYTES;
            int order = Long.compare(first + rows.getInt(at), address.raftIndex());
            if (order == 0) {
                order = Integer.compare(rows.getInt(at + 4), address.ordinal());
            }
            if (order == 0) {
                boolean fits = address.offset() + (long) address.length() <= rows.getInt(at + 12);
                return fits ? Integer.toUnsignedLong(rows.getInt(at + 8)) + address.offset() : -1;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    @Override
    public long bytesOfBodies() {
        long bytes = 0;
        for (int row = 0; row < count; row++) {
            bytes += rows.getInt(row * ROW_BYTES + 12);
        }
        return bytes;
    }

    /** Bodies in the table. */
    public int size() {
        return count;
    }

    /** The same now, whatever is added to this one later. */
    public BodyOffsets copy() {
        return new BodyOffsets(first, ByteBuffer.wrap(bytes()), count);
    }

    /** Whether both say the same. */
    public boolean matches(BodyOffsets other) {
        return first == other.first && Arrays.equals(bytes(), other.bytes());
    }

    byte[] bytes() {
        byte[] bytes = new byte[count * ROW_BYTES];
        rows.get(0, bytes);
        return bytes;
    }
}
