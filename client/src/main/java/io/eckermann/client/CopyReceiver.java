package io.eckermann.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Takes a copy of a node's state. Called by one thread at a time, which may block: nothing comes faster than it is taken.
 * What it throws ends the copy.
 */
public interface CopyReceiver {
    /** How much is to be sent in a second at most; 0: as much as is taken. */
    long bytesPerSecond();

    /** Chooses which of the copy's files are to be sent, in this order. */
    List<StateCopy.File> choose(StateCopy copy) throws IOException;

    /** The next bytes of the file that is being sent. */
    void data(StateCopy.File file, long offset, ByteBuffer bytes) throws IOException;

    /** The whole file was sent; its checksum as the node has read it. */
    void end(StateCopy.File file, long bytes, int crc32c) throws IOException;
}
