package io.eckermann.raftlog.ratis;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns our ByteString into Ratis's (which brings its own copy of protobuf) and back, sharing the array. Both are
 * immutable, so sharing is safe.
 */
final class SharedBytes {
    private SharedBytes() {}

    static org.apache.ratis.thirdparty.com.google.protobuf.ByteString toRatis(ByteString bytes) {
        List<org.apache.ratis.thirdparty.com.google.protobuf.ByteString> parts = new ArrayList<>(1);
        try {
            com.google.protobuf.UnsafeByteOperations.unsafeWriteTo(bytes, new com.google.protobuf.ByteOutput() {
                @Override
                public void write(byte value) {
                    write(new byte[] {value}, 0, 1);
                }

                @Override
                public void write(byte[] value, int offset, int length) {
                    writeLazy(value.clone(), offset, length);
                }

                @Override
                public void writeLazy(byte[] value, int offset, int length) {
                    parts.add(org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(
                            value, offset, length));
                }

                @Override
                public void write(ByteBuffer value) {
                    parts.add(org.apache.ratis.thirdparty.com.google.protobuf.ByteString.copyFrom(value));
                }

                @Override
                public void writeLazy(ByteBuffer value) {
                    write(value);
                }
            });
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return org.apache.ratis.thirdparty.com.google.protobuf.ByteString.copyFrom(parts);
    }

    static ByteString fromRatis(org.apache.ratis.thirdparty.com.google.protobuf.ByteString bytes) {
        List<ByteString> parts = new ArrayList<>(1);
        try {
            org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWriteTo(
                    bytes, new org.apache.ratis.thirdparty.com.google.protobuf.ByteOutput() {
                        @Override
                        public void write(byte value) {
                            write(new byte[] {value}, 0, 1);
                        }

                        @Override
                        public void write(byte[] value, int offset, int length) {
                            writeLazy(value.clone(), offset, length);
                        }

                        @Override
                        public void writeLazy(byte[] value, int offset, int length) {
                            parts.add(com.google.protobuf.UnsafeByteOperations.unsafeWrap(value, offset, length));
                        }

                        @Override
                        public void write(ByteBuffer value) {
                            parts.add(ByteString.copyFrom(value));
                        }

                        @Override
                        public void writeLazy(ByteBuffer value) {
                            write(value);
                        }
                    });
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return ByteString.copyFrom(parts);
    }
}
