package io.eckermann.statemachine.chunk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Gives files second names, so that their bytes need not be written again. */
public interface FileLinks {
    /** By hard links; where the filesystem has none, or the target is on another one, by copying. */
    FileLinks HARD = (file, target, bytes) -> {
        try {
            Files.createLink(target, file);
            return true;
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            copy(file, target, bytes);
            return false;
        }
    };

    /**
     * Makes the target.
     *
     * @param bytes of the file that are needed, from its beginning; all when it is shorter
     * @return false when the bytes had to be copied
     */
    boolean link(Path file, Path target, long bytes) throws IOException;

    /** Copies a file's beginning to a new one, on the disk when this returns. */
    static void copy(Path file, Path target, long bytes) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long end = Math.min(bytes, from.size());
            long at = 0;
            while (at < end) {
                long copied = from.transferTo(at, end - at, to);
                if (copied <= 0) {
                    throw new EOFException(file + " became shorter while it was copied");
                }
                at += copied;
            }
            to.force(true);
        }
    }
}
