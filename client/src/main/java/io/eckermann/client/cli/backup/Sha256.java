package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests, as hex. */
final class Sha256 {
    private static final int PART_BYTES = 256 << 10;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    void add(ByteBuffer bytes) {
        digest.update(bytes);
    }

    String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(byte[] bytes) {
        Sha256 sum = new Sha256();
        sum.add(ByteBuffer.wrap(bytes));
        return sum.finish();
    }

    static String of(Path file) throws IOException {
        Sha256 sum = new Sha256();
        byte[] part = new byte[PART_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                sum.add(ByteBuffer.wrap(part, 0, read));
            }
        }
        return sum.finish();
    }
}
