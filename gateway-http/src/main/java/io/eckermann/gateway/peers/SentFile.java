package io.eckermann.gateway.peers;

import io.eckermann.statemachine.Snapshot;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.CRC32C;

/** Reads a snapshot's file part by part, for who sends it. */
public final class SentFile {
    private static final int PART_BYTES = 256 << 10;

    private SentFile() {}

    /** Takes the parts. */
    public interface Sink {
        /** The next bytes; they are not changed afterwards. */
        void part(long offset, byte[] bytes) throws InterruptedException;

        /** Behind the last one. */
        void end(long length, int crc32c) throws InterruptedException;
    }

    /** Reads as much as belongs to the snapshot. */
    public static void read(Snapshot.File file, Sink sink) throws IOException, InterruptedException {
        CRC32C crc = new CRC32C();
        long offset = 0;
        try (InputStream in = Files.newInputStream(file.path())) {
            while (offset < file.bytes()) {
                byte[] bytes = in.readNBytes((int) Math.min(PART_BYTES, file.bytes() - offset));
                if (bytes.length == 0) {
                    throw new EOFException(file.path() + " is shorter than " + file.bytes() + " bytes");
                }
                crc.update(bytes);
                sink.part(offset, bytes);
                offset += bytes.length;
            }
        }
        sink.end(offset, (int) crc.getValue());
    }

    /** The checksum of as much as belongs to the snapshot. */
    static int crc32c(Snapshot.File file) throws IOException, InterruptedException {
        int[] sum = {0};
        read(file, new Sink() {
            @Override
            public void part(long offset, byte[] bytes) {}

            @Override
            public void end(long length, int crc32c) {
                sum[0] = crc32c;
            }
        });
        return sum[0];
    }
}
