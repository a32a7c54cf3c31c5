package io.eckermann.bench.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Payloads made before the measurement, so that making them costs nothing during it. A payload may carry a stamp in its
 * first {@value #STAMP_BYTES} bytes; the rest is checked when it is read back. Immutable, safe for threads.
 */
public final class Payloads {
    /** Two longs. */
    public static final int STAMP_BYTES = 16;

    /** Enough that no batch of any system holds one payload twice. */
    private static final int POOL_BYTES = 16 << 20;

    private final String kind;
    private final byte[][] pool;
    private final int[] sums;

    private Payloads(String kind, List<byte[]> payloads) {
        this.kind = kind;
        this.pool = payloads.toArray(byte[][]::new);
        this.sums = payloads.stream()
                .mapToInt(payload -> sum(ByteBuffer.wrap(payload)))
                .sorted()
                .toArray();
    }

    /** Bytes that can't be compressed. */
    public static Payloads random(int bytes) {
        Random random = new Random(bytes);
        return new Payloads(
                "random",
                IntStream.range(0, POOL_BYTES / bytes)
                        .mapToObj(i -> {
                            byte[] payload = new byte[bytes];
                            random.nextBytes(payload);
                            return payload;
                        })
                        .toList());
    }

    /** JSON objects of about this many bytes. */
    public static Payloads json(int bytes) {
        JsonEvents events = new JsonEvents(new Random(bytes), bytes);
        return new Payloads(
                "json",
                IntStream.range(0, POOL_BYTES / bytes)
                        .mapToObj(i -> events.next())
                        .toList());
    }

    /** "random" or "json". */
    public String kind() {
        return kind;
    }

    /** How many there are. */
    public int size() {
        return pool.length;
    }

    /** The n-th, over and over again; shared, so not to be changed. */
    public byte[] at(long n) {
        return pool[(int) (n % pool.length)];
    }

    /** A copy of the n-th that begins with these numbers. */
    public byte[] stamped(long n, long first, long second) {
        byte[] payload = at(n).clone();
        ByteBuffer.wrap(payload).putLong(first).putLong(second);
        return payload;
    }

    /** Whether these bytes, apart from the stamp, are one of these payloads. The buffer's position stays. */
    public boolean contains(ByteBuffer payload) {
        return payload.remaining() >= STAMP_BYTES && Arrays.binarySearch(sums, sum(payload.duplicate())) >= 0;
    }

    private static int sum(ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        payload.position(payload.position() + STAMP_BYTES);
        crc.update(payload);
        return (int) crc.getValue();
    }
}
