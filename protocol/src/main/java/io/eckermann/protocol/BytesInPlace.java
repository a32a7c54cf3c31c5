package io.eckermann.protocol;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a {@link ByteString} where they lie, for code that wants arrays: none is copied. They belong to the
 * ByteString, so they must only be read.
 */
final class BytesInPlace extends ByteOutput {
    private final List<ByteBuffer> parts = new ArrayList<>(1);

    private BytesInPlace() {}

    /** The parts in their order: buffers over the ByteString's own memory. */
    static List<ByteBuffer> parts(ByteString bytes) {
        BytesInPlace collected = new BytesInPlace();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, collected);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return collected.parts;
    }

    /** All bytes in one array: in place when they lie in one, which is the rule; otherwise a copy. */
    static Span whole(ByteString bytes) {
        List<ByteBuffer> parts = parts(bytes);
        if (parts.size() == 1 && parts.get(0).hasArray()) {
            ByteBuffer part = parts.get(0);
            return new Span(part.array(), part.arrayOffset() + part.position(), part.remaining());
        }
        byte[] copy = bytes.toByteArray();
        return new Span(copy, 0, copy.length);
    }

    /** A stretch of an array, for reading only. */
    static final class Span {
        final byte[] array;
        final int begin;
        final int length;

        Span(byte[] array, int begin, int length) {
            this.array = array;
            this.begin = begin;
            this.length = length;
        }
    }

    @Override
    public void write(byte value) {
        write(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(byte[] value, int offset, int length) {
        // The caller may use the array again.
        byte[] copy = new byte[length];
        System.arraycopy(value, offset, copy, 0, length);
        writeLazy(copy, 0, length);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
        parts.add(ByteBuffer.wrap(value, offset, length));
    }

    @Override
    public void write(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        writeLazy(copy, 0, copy.length);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
        parts.add(value);
    }
}
