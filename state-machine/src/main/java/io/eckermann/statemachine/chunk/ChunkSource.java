package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** Turns addresses into bytes. Whoever asks checks them against the chunk's checksum. */
public interface ChunkSource {
    /** The body at the address, or null when nothing is there. */
    @Nullable
    ByteString find(ChunkAddress address);
}
