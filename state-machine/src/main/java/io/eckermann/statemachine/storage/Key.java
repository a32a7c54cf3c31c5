package io.eckermann.statemachine.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds and reads keys: numbers big-endian, so that rows sort by them, and names in UTF-8. */
public final class Key {
    private static final int CAPACITY = 24;

    private byte[] bytes;
    private int length;

    private Key(int capacity) {
        bytes = new byte[capacity];
    }

    /** Begins a key with a number, 0 or greater. */
    public static Key of(long number) {
        return new Key(CAPACITY).then(number);
    }

    /** Begins a key with what was made before. */
    public static Key of(byte[] encoded) {
        return new Key(encoded.length + Long.BYTES).then(encoded);
    }

    /** Begins a key with a name. */
    public static Key of(String name) {
        return new Key(name.length()).then(name);
    }

    public Key then(long number) {
        assert number >= 0 : number;
        int at = grow(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(at, number);
        return this;
    }

    public Key then(int number) {
        assert number >= 0 : number;
        int at = grow(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(at, number);
        return this;
    }

    public Key then(String name) {
        return then(name.getBytes(StandardCharsets.UTF_8));
    }

    public Key then(byte[] encoded) {
        int at = grow(encoded.length);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        return this;
    }

    /** Ends a name that more follows; names hold no such byte. */
    public Key end() {
        grow(1);
        return this;
    }

    public byte[] bytes() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** The number that begins {@code at} bytes into the key. */
    public static long longAt(byte[] key, int at) {
        return ByteBuffer.wrap(key).getLong(at);
    }

    /** The name that fills the key from {@code at} on. */
    public static String nameAt(byte[] key, int at) {
        return new String(key, at, key.length - at, StandardCharsets.UTF_8);
    }

    /** The least key greater than all that start with this one. */
    public static byte[] afterPrefix(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(prefix, last + 1);
                after[last]++;
                return after;
            }
        }
        throw new IllegalArgumentException("no key is after this prefix");
    }

    private int grow(int by) {
        int at = length;
        length += by;
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, length);
        }
        return at;
    }
}
