package io.eckermann.statemachine.storage;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A snapshot's directory: the files of a checkpoint, and a label that says what it contains. */
public final class SnapshotFiles {
    private static final String LABEL = "SNAPSHOT";
    private static final Pattern LABEL_TEXT =
            Pattern.compile("format (\\d{1,9}) term (\\d{1,18}) index (-?\\d{1,18})\n");

    private SnapshotFiles() {}

    /** Makes a directory that holds a checkpoint a snapshot; on the disk when this returns. */
    public static void finish(RaftIndex at, Path directory) throws IOException {
        String label = "format " + Store.FORMAT + " term " + at.term() + " index " + at.index() + "\n";
        Files.writeString(directory.resolve(LABEL), label, StandardCharsets.UTF_8);
        DurableFiles.syncAll(directory);
    }

    /**
     * The last entry that a snapshot contains.
     *
     * @throws IOException when it is none, or one that this version cannot read
     */
    public static RaftIndex at(Path directory) throws IOException {
        String text;
        try {
            // What is no UTF-8 matches no label either.
            text = new String(Files.readAllBytes(directory.resolve(LABEL)), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new DamagedFileException(
                    DamagedFileException.SNAPSHOT, "The directory " + directory + " holds no snapshot.", e);
        }
        Matcher label = LABEL_TEXT.matcher(text);
        if (!label.matches()) {
            throw new DamagedFileException(
                    DamagedFileException.SNAPSHOT, "The label of the snapshot in " + directory + " is damaged.");
        }
        int format = Integer.parseInt(label.group(1));
        if (format != Store.FORMAT) {
            throw new IOException("The snapshot in " + directory + " has format " + label.group(1)
                    + ", this version reads " + Store.FORMAT + ": run the same version on all nodes.");
        }
        return new RaftIndex(Long.parseLong(label.group(2)), Long.parseLong(label.group(3)));
    }

    /**
     * Lays a snapshot's files out in a new directory for a store to open; the snapshot stays as it is. They need not be on
     * the disk when this returns.
     *
     * @param foreign files that are not the store's
     */
    public static void unfold(Path snapshot, Path directory, Predicate<Path> foreign) throws IOException {
        Files.createDirectory(directory);
        for (Path file : DurableFiles.list(snapshot)) {
            String name = file.getFileName().toString();
            Path to = directory.resolve(name);
            if (IndexFile.is(file)) {
                // Never written to again, so the snapshot and the store may share them.
                Files.createLink(to, file);
            } else if (!name.equals(LABEL) && !foreign.test(file)) {
                Files.copy(file, to);
            }
        }
    }
}
