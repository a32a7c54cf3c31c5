package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns addresses into bytes. Whoever asks checks them against the chunk's checksum. Safe from any thread. */
public interface ChunkSource {
    /**
     * The bodies at the addresses, in their order; null where nothing is. What lies close together is read at once, so
     * ask for a page and not for each chunk; the bodies of one call may share their memory. Equal addresses side by side
     * are read once.
     *
     * @throws io.eckermann.protocol.StoreException DATA_CORRUPT when a file cannot be read
     */
    List<@Nullable ByteString> find(List<ChunkAddress> addresses);
}
