package io.eckermann.statemachine.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where in a packed segment the pieces of bodies are, in the order of their addresses. Filled by one thread, then read by any. */
final class PieceOffsets implements BodyPlaces {
    /** Index less the segment's first, ordinal, offset, length: 4 bytes each; position: 8. */
    static final int ROW_BYTES = 4 * Integer.BYTES + Long.BYTES;

    private static final int ROWS_MIN = 64;

    private final long first;
    private ByteBuffer rows;
    private int count;

    PieceOffsets(long first) {
        this(first, ByteBuffer.allocate(ROWS_MIN * ROW_BYTES), 0);
    }

    private PieceOffsets(long first, ByteBuffer rows, int count) {
        this.first = first;
        this.rows = rows;
        this.count = count;
    }

    /** A table as {@link #bytes} gave it. */
    static PieceOffsets of(long first, ByteBuffer rows) {
        return new PieceOffsets(first, rows, rows.limit() / ROW_BYTES);
    }

    void add(ChunkAddress address, long position) throws IOException {
        if (count > 0 && compare(count - 1, address) >= 0) {
            throw new IOException("The pieces of a segment are not in order at entry " + address.raftIndex() + ".");
        }
        if (count * ROW_BYTES == rows.capacity()) {
            rows = ByteBuffer.wrap(Arrays.copyOf(rows.array(), 2 * rows.capacity()));
        }
        int at = count * ROW_BYTES;
        rows.putInt(at, (int) (address.raftIndex() - first))
                .putInt(at + 4, address.ordinal())
                .putInt(at + 8, address.offset())
                .putInt(at + 12, address.length())
                .putLong(at + 16, position);
        count++;
    }

    @Override
    public long position(ChunkAddress address) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, address);
            if (order == 0) {
                boolean same = rows.getInt(middle * ROW_BYTES + 12) == address.length();
                return same ? rows.getLong(middle * ROW_BYTES + 16) : -1;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    private int compare(int row, ChunkAddress address) {
        int at = row * ROW_BYTES;
        int order = Long.compare(first + rows.getInt(at), address.raftIndex());
        if (order == 0) {
            order = Integer.compare(rows.getInt(at + 4), address.ordinal());
        }
        return order == 0 ? Integer.compare(rows.getInt(at + 8), address.offset()) : order;
    }

    @Override
    public long bytesOfBodies() {
        long bytes = 0;
        for (int row = 0; row < count; row++) {
            bytes += rows.getInt(row * ROW_BYTES + 12);
        }
        return bytes;
    }

    int size() {
        return count;
    }

    byte[] bytes() {
        byte[] bytes = new byte[count * ROW_BYTES];
        rows.get(0, bytes);
        return bytes;
    }
}
