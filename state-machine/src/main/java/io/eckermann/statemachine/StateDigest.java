package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.StoreReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A hash over all rows that replicas share. Used once. */
final class StateDigest {
    /** Greater than any key. */
    private static final byte[] END = new byte[64];

    static {
        java.util.Arrays.fill(END, (byte) 0xff);
    }

    private static final long STEP_BYTES = 64 << 10;

    private final MessageDigest sha256;
    /** How many bytes were read that nobody was told of. */
    private long unsaid;

    private boolean ended;

    StateDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Of all rows. */
    String of(StoreReader rows) {
        return Objects.requireNonNull(of(rows, bytes -> true));
    }

    /**
     * Of all rows; needs no more memory for many than for few.
     *
     * @param goOn told now and then how many bytes were read since; false ends it
     * @return null when it was ended
     */
    @Nullable
    String of(StoreReader rows, LongPredicate goOn) {
        for (Family family : Family.values()) {
            if (family != Family.LOCAL && !ended) {
                add(family.name().getBytes(StandardCharsets.UTF_8));
                rows.ascend(family, new byte[0], END, (key, value) -> {
                    add(key);
                    add(value);
                    return goesOn(key.length + value.length, goOn);
                });
            }
        }
        return ended ? null : HexFormat.of().formatHex(sha256.digest());
    }

    private boolean goesOn(int bytes, LongPredicate goOn) {
        unsaid += bytes;
        if (unsaid >= STEP_BYTES) {
            ended = !goOn.test(unsaid);
            unsaid = 0;
        }
        return !ended;
    }

    private void add(byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        sha256.update(bytes);
    }
}
