package io.eckermann.statemachine;

import io.eckermann.statemachine.chunk.SegmentList;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A finished checkpoint of the whole state, on disk and fsynced.
 *
 * @param at the last entry it contains
 * @param directory holds nothing but the snapshot's files, in no subdirectories
 */
public record Snapshot(RaftIndex at, Path directory) {
    /**
     * A file of a snapshot.
     *
     * @param bytes of it that belong to the snapshot, from its beginning
     */
    public record File(Path path, long bytes) {}

    /**
     * What another node needs of a snapshot that is laid out in a directory.
     *
     * @param kept index up to which that node has segments of the Raft log already, -1 for none
     */
    public static List<File> files(Path directory, long kept) throws IOException {
        List<File> files = new ArrayList<>();
        for (Path file : DurableFiles.list(directory)) {
            OptionalLong bytes = SegmentList.bytesToSend(file, kept);
            if (bytes.isPresent()) {
                files.add(new File(file, bytes.getAsLong()));
            }
        }
        return files;
    }
}
