package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of a node, with a bit that can be flipped, and back.
 *
 * @param key tells the file from another one that takes its name
 * @param at the byte
 * @param whole what it was
 * @param bit in it
 */
record DamagedFile(Path file, Object key, long at, int whole, int bit) {
    /** Before the first entry there is a head, whose damage is found in another way. */
    private static final int HEAD_BYTES = 8;

    /** Which files. */
    enum Kind {
        LOG("log_.*"),
        META("raft-meta"),
        TABLE(".*\\.sst"),
        MANIFEST("MANIFEST-.*");

        private final String pattern;

        Kind(String pattern) {
            this.pattern = pattern;
        }

        /** As in names of faults. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Chooses a bit of a file that the node has, and does not flip it; empty when it has no such file.
     *
     * @param part of so many equal ones of the file, from 0, in which the bit is
     */
    static Optional<DamagedFile> choose(Server victim, Kind kind, int part, int parts, Choices choices)
            throws IOException {
        List<Path> candidates = files(victim, kind);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Path file = choices.one(candidates);
        long bytes = Math.max(1, lastWritten(file) - 2 * HEAD_BYTES);
        long from = bytes * part / parts;
        long length = Math.max(1, bytes * (part + 1) / parts - from);
        long at = bytes == 1 ? 0 : HEAD_BYTES + from + choices.below(length);
        return Optional.of(new DamagedFile(file, key(file), at, byteOf(file, at), 1 << choices.below(8)));
    }

    /** A bit of the first block of each file that the node has, not flipped yet. */
    static List<DamagedFile> all(Server victim, Kind kind) throws IOException {
        List<DamagedFile> all = new ArrayList<>();
        for (Path file : files(victim, kind)) {
            all.add(new DamagedFile(file, key(file), HEAD_BYTES, byteOf(file, HEAD_BYTES), 1));
        }
        return all;
    }

    /** Those that it works with, and not what it has set aside. */
    private static List<Path> files(Server victim, Kind kind) throws IOException {
        Path aside = victim.data().resolve("aside");
        try (Stream<Path> files = Files.walk(victim.data())) {
            return files.filter(Files::isRegularFile)
                    .filter(path -> !path.startsWith(aside))
                    .filter(path -> path.getFileName().toString().matches(kind.pattern))
                    .filter(path -> path.toFile().length() > HEAD_BYTES)
                    .sorted()
                    .toList();
        }
    }

    /** Behind it there are zeros: segments are made longer before they are written. */
    private static long lastWritten(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** Flips it, while the node is down. */
    void damage() throws IOException {
        write(whole ^ bit);
    }

    /** Flips it back, unless the file has gone or was written anew: also while the node runs, which may not have read it. */
    void mend() throws IOException {
        if (Files.exists(file) && key(file).equals(key) && byteOf(file, at) == (whole ^ bit)) {
            write(whole);
        }
    }

    private void write(int value) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            bytes.write(value);
            // A power cut that follows must not take it back: the bit would be flipped again.
            bytes.getFD().sync();
        }
    }

    private static int byteOf(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(at);
            return bytes.read();
        }
    }

    private static Object key(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** For people. */
    String text() throws IOException {
        return file.getFileName() + " byte " + at + " of " + (Files.exists(file) ? Files.size(file) : 0);
    }
}
