package io.eckermann.statemachine.query;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Some of a term's positions, as one row has them: runs of neighbours. The last position is in the row's key; the value
 * says, as varints and from the last run down, how many positions of the run lie before its last, and how many lie
 * between it and the run before. A single position needs no value.
 */
final class PostingBlock {
    private static final int RUNS_FEW = 2;
    private static final int BUFFER_BYTES = 128;
    private static final byte[] SINGLE = {};

    /** Rising; of run k the first position at 2k, the last at 2k + 1. */
    private long[] bounds = new long[2 * RUNS_FEW];

    private int length;

    /** Adds a run behind all others. */
    void add(long first, long last) {
        assert length == 0 || first > bounds[length - 1] : first;
        if (length > 0 && bounds[length - 1] + 1 == first) {
            bounds[length - 1] = last;
            return;
        }
        if (length == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * length);
        }
        bounds[length++] = first;
        bounds[length++] = last;
    }

    long first() {
        return bounds[0];
    }

    long last() {
        return bounds[length - 1];
    }

    /** How many positions. */
    long count() {
        long count = 0;
        for (int i = 0; i < length; i += 2) {
            count += bounds[i + 1] - bounds[i] + 1;
        }
        return count;
    }

    /** The lowest position at or behind this one, which is no greater than the last. */
    long atOrAfter(long position) {
        // Also when it is found: a first and a last are both positions.
        int at = Arrays.binarySearch(bounds, 0, length, position);
        int next = at < 0 ? -at - 1 : at;
        return next % 2 == 0 ? bounds[next] : position;
    }

    /** The highest position at or before this one, which is no less than the first. */
    long atOrBefore(long position) {
        int at = Arrays.binarySearch(bounds, 0, length, position);
        int next = at < 0 ? -at - 1 : at;
        return at >= 0 || next % 2 == 1 ? position : bounds[next - 1];
    }

    /** Roughly what its positions take in memory. */
    int memoryBytes() {
        return Long.BYTES * bounds.length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Those of these positions that the other one has not. */
    PostingBlock without(PostingBlock other) {
        PostingBlock left = new PostingBlock();
        int at = 0;
        for (int i = 0; i < length; i += 2) {
            long from = bounds[i];
            while (at < other.length && other.bounds[at + 1] < from) {
                at += 2;
            }
            // A run of the other may reach into the next of these.
            for (int k = at; k < other.length && other.bounds[k] <= bounds[i + 1]; k += 2) {
                if (from < other.bounds[k]) {
                    left.add(from, other.bounds[k] - 1);
                }
                from = other.bounds[k + 1] + 1;
            }
            if (from <= bounds[i + 1]) {
                left.add(from, bounds[i + 1]);
            }
        }
        return left;
    }

    byte[] toBytes() {
        if (length == 2 && bounds[0] == bounds[1]) {
            return SINGLE;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER_BYTES);
        try {
            for (int i = length - 2; i >= 0; i -= 2) {
                out.writeUInt64NoTag(bounds[i + 1] - bounds[i]);
                if (i > 0) {
                    out.writeUInt64NoTag(bounds[i] - bounds[i - 1] - 1);
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static PostingBlock of(long last, byte[] value) {
        PostingBlock block = new PostingBlock();
        if (value.length == 0) {
            block.add(last, last);
            return block;
        }
        long[] falling = new long[2 * RUNS_FEW];
        int taken = 0;
        long end = last;
        CodedInputStream in = CodedInputStream.newInstance(value);
        try {
            while (!in.isAtEnd()) {
                if (taken == falling.length) {
                    falling = Arrays.copyOf(falling, 2 * taken);
                }
                long first = end - in.readRawVarint64();
                falling[taken++] = end;
                falling[taken++] = first;
                end = in.isAtEnd() ? 0 : first - in.readRawVarint64() - 1;
            }
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.DATA_CORRUPT,
                    "A row of this node's index is damaged: let the node be rebuilt from its peers.",
                    e);
        }
        block.bounds = new long[taken];
        block.length = taken;
        for (int i = 0; i < taken; i++) {
            block.bounds[i] = falling[taken - 1 - i];
        }
        return block;
    }
}
