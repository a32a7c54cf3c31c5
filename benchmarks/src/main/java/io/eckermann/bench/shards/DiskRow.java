package io.eckermann.bench.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What the disk takes by itself for so many bytes that are appended to a file and forced.
 *
 * @param ms on average
 */
record DiskRow(int bytes, double ms) {
    static final String HEADER = "disk,bytes,ms";
    private static final String KIND = "disk,";
    private static final long FILE_BYTES_MAX = 256L << 20;

    String csv() {
        return String.format(Locale.ROOT, "%s%d,%.3f", KIND, bytes, ms);
    }

    /** Those of a file; other lines are passed over. */
    static List<DiskRow> read(Path file) throws IOException {
        List<DiskRow> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(KIND) && !line.equals(HEADER)) {
                String[] fields = line.split(",", -1);
                rows.add(new DiskRow(Integer.parseInt(fields[1]), Double.parseDouble(fields[2])));
            }
        }
        return rows;
    }

    /** Measures it in a directory for so many seconds. */
    static DiskRow measure(Path directory, int bytes, int seconds) throws IOException {
        byte[] block = new byte[bytes];
        new Random(bytes).nextBytes(block);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).put(block);
        Path file = Files.createTempFile(directory, "disk", ".bin");
        long startNs = System.nanoTime();
        long endNs = startNs + seconds * 1_000_000_000L;
        int writes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (; System.nanoTime() - endNs < 0 && channel.position() < FILE_BYTES_MAX; writes++) {
                channel.write(buffer.rewind());
                channel.force(false);
            }
            return new DiskRow(bytes, (System.nanoTime() - startNs) / 1e6 / writes);
        } finally {
            Files.delete(file);
        }
    }
}
