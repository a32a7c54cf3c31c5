package org.apache.ratis.util;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.eckermann.raftlog.segment.VoteFile;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file that shows up whole or not at all: bytes go to a temporary file, which is fsynced and renamed when the
 * stream is closed. It stands in for the class of the same name in Ratis 3.3.0, which does not fsync the directory
 * after the rename: a vote could be forgotten in a power failure, and given twice. It also ends the file of votes with a
 * checksum ({@link VoteFile}).
 */
public final class AtomicFileOutputStream extends FilterOutputStream {
    public static final String TMP_EXTENSION = ".tmp";

    static final Logger LOG = LoggerFactory.getLogger(AtomicFileOutputStream.class);

    private final File outFile;
    private final File tmpFile;
    private final DirectoryForce directoryForce;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final CRC32C sum = new CRC32C();

    /** Makes a directory's entries durable. */
    interface DirectoryForce {
        void force(Path directory) throws IOException;
    }

    public AtomicFileOutputStream(File outFile) throws IOException {
        this(outFile, getTemporaryFile(outFile));
    }

    public AtomicFileOutputStream(File outFile, File tmpFile) throws IOException {
        this(outFile, tmpFile, AtomicFileOutputStream::fsync);
    }

    AtomicFileOutputStream(File outFile, File tmpFile, DirectoryForce directoryForce) throws IOException {
        super(FileUtils.newOutputStreamForceAtClose(tmpFile, CREATE, TRUNCATE_EXISTING, WRITE));
        this.outFile = outFile.getAbsoluteFile();
        this.tmpFile = tmpFile.getAbsoluteFile();
        this.directoryForce = directoryForce;
    }

    public static File getTemporaryFile(File outFile) {
        return new File(outFile.getParentFile(), outFile.getName() + TMP_EXTENSION);
    }

    /** Always true; the stock class does not have this method, so asking tells which of the two was loaded. */
    public static boolean fsyncsDirectory() {
        return true;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        sum.update(b);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        out.write(b, off, len);
        sum.update(b, off, len);
    }

    public boolean isClosed() {
        return isClosed.get();
    }

    @Override
    public void close() throws IOException {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        try {
            closeSummed();
            Files.move(tmpFile.toPath(), outFile.toPath(), StandardCopyOption.REPLACE_EXISTING);
            directoryForce.force(outFile.getParentFile().toPath());
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(tmpFile.toPath());
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void closeSummed() throws IOException {
        try {
            if (outFile.getName().equals(VoteFile.NAME)) {
                out.write(VoteFile.sumLine(sum));
            }
        } finally {
            super.close();
        }
    }

    /** Closes the stream without putting the file in place. */
    public void abort() {
        if (isClosed.get()) {
            return;
        }
        try {
            super.close();
        } catch (IOException e) {
            LOG.warn("Unable to abort file {}", tmpFile, e);
        } finally {
            deleteTemporaryFile();
        }
    }

    private void deleteTemporaryFile() {
        try {
            Files.deleteIfExists(tmpFile.toPath());
        } catch (IOException e) {
            LOG.warn("Unable to delete {}", tmpFile, e);
        }
    }

    private static void fsync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
