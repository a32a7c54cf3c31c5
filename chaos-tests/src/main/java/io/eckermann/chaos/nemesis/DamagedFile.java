package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A file of a node that can be damaged, and mended. */
final class DamagedFile {
    /** Before the first entry there is a head, whose damage is found in another way. */
    private static final int HEAD_BYTES = 8;

    /** What of the log counts as its end. */
    private static final int TAIL_BYTES = 4096;

    private static final int TRIES = 20;

    private final Path file;
    private final NodeFiles kind;
    private final Damage way;
    /** Tells the file from another one that takes its name. */
    private final Object key;
    /** What it was. */
    private final byte[] whole;
    /** What it is to be. */
    private final byte[] damaged;

    private DamagedFile(Path file, NodeFiles kind, Damage way, byte[] whole, byte[] damaged) throws IOException {
        this.file = file;
        this.kind = kind;
        this.way = way;
        this.key = key(file);
        this.whole = whole;
        this.damaged = damaged;
    }

    /**
     * Chooses a place in a file that the node has, and does not damage it yet; empty when it has no such file.
     *
     * @param data the node's directory
     * @param part of so many equal ones of the file, from 0, in which the damage is
     */
    static Optional<DamagedFile> choose(Path data, NodeFiles kind, Damage way, int part, int parts, Choices choices)
            throws IOException {
        List<Path> candidates = kind.in(data);
        for (int tries = 0; tries < TRIES && !candidates.isEmpty(); tries++) {
            Path file = choices.one(candidates);
            byte[] whole = Files.readAllBytes(file);
            int bytes = Math.max(0, lastWritten(whole) - 2 * HEAD_BYTES);
            if (bytes > parts) {
                int first = HEAD_BYTES + (kind == NodeFiles.LOG_TAIL ? Math.max(0, bytes - TAIL_BYTES) : 0);
                int length = HEAD_BYTES + bytes - first;
                int from = first + (int) ((long) length * part / parts);
                int to = first + (int) ((long) length * (part + 1) / parts);
                byte[] damaged = way.of(whole, from, Math.max(from + 1, to), choices);
                if (!Arrays.equals(whole, damaged)) {
                    return Optional.of(new DamagedFile(file, kind, way, whole, damaged));
                }
            }
        }
        return Optional.empty();
    }

    /** A bit of the first block of each file that the node has, not flipped yet. */
    static List<DamagedFile> all(Server victim, NodeFiles kind) throws IOException {
        List<DamagedFile> all = new ArrayList<>();
        for (Path file : kind.of(victim)) {
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = whole.clone();
            damaged[Math.min(HEAD_BYTES, whole.length - 1)] ^= 1;
            all.add(new DamagedFile(file, kind, Damage.BIT_FLIP, whole, damaged));
        }
        return all;
    }

    /** The file as it was earlier; empty when it has gone since, or is the same. */
    static Optional<DamagedFile> earlier(Path file, NodeFiles kind, byte[] earlier) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] whole = Files.readAllBytes(file);
        return earlier.length == 0 || Arrays.equals(whole, earlier)
                ? Optional.empty()
                : Optional.of(new DamagedFile(file, kind, Damage.ROLLED_BACK, whole, earlier));
    }

    /** Behind it there are zeros: segments are made longer before they are written. */
    private static int lastWritten(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /** Damages it, while the node is down. */
    void damage() throws IOException {
        write(damaged);
    }

    /**
     * Puts back what was there, unless the file has gone or was written anew.
     *
     * @param running whether the node runs: it may not have read the file yet, but what it has accepted and writes to it may keep
     */
    void mend(boolean running) throws IOException {
        boolean mayBeWritten = running && kind.areWritten();
        if (!Files.exists(file) || !key(file).equals(key) || (mayBeWritten && way != Damage.BIT_FLIP)) {
            return;
        }
        byte[] now = Files.readAllBytes(file);
        int common = Math.min(whole.length, damaged.length);
        boolean isStillDamaged = now.length >= damaged.length
                && (now.length == damaged.length || whole.length == damaged.length)
                && Arrays.equals(now, from(), Math.min(to(), common), damaged, from(), Math.min(to(), common));
        if (isStillDamaged) {
            write(whole);
        }
    }

    /** Where the two begin to differ. */
    private int from() {
        return Arrays.mismatch(whole, damaged);
    }

    /** Behind the last byte in which they differ. */
    private int to() {
        int end = Math.max(whole.length, damaged.length);
        while (whole.length == damaged.length && whole[end - 1] == damaged[end - 1]) {
            end--;
        }
        return end;
    }

    /** Only what differs: the node may have gone on behind it. */
    private void write(byte[] content) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            if (whole.length != damaged.length) {
                bytes.setLength(content.length);
            }
            int end = Math.min(to(), content.length);
            if (from() < end) {
                bytes.seek(from());
                bytes.write(content, from(), end - from());
            }
            // A power cut that follows must not take it back: it would be damaged again.
            bytes.getFD().sync();
        }
    }

    private static Object key(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** For people. */
    String text() {
        String place = whole.length == damaged.length
                ? " bytes " + from() + " to " + (to() - 1) + " of " + whole.length
                : " " + damaged.length + " bytes of " + whole.length;
        return way.word() + " " + kind.word() + ": " + file.getFileName() + place;
    }
}
