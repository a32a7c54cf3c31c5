package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.StoreReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash over all rows that replicas share. */
final class StateDigest {
    /** Greater than any key. */
    private static final byte[] END = new byte[64];

    static {
        java.util.Arrays.fill(END, (byte) 0xff);
    }

    private final MessageDigest sha256;

    StateDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    String of(StoreReader rows) {
        for (Family family : Family.values()) {
            if (family != Family.LOCAL) {
                add(family.name().getBytes(StandardCharsets.UTF_8));
                rows.ascend(family, new byte[0], END, (key, value) -> {
                    add(key);
                    add(value);
                    return true;
                });
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void add(byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        sha256.update(bytes);
    }
}
