package io.eckermann.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * A read that is pulled chunk by chunk: the fastest way to replay a topic. The bytes of each chunk were checked against
 * their checksum; its events are decoded when they are asked for, on the thread that asks. Used by one thread at a time;
 * close it from any. {@link #hasNext} and {@link #next} block and throw {@link EckermannException} when the read fails.
 * A following stream has a next chunk until it is closed.
 */
public interface ChunkStream extends Iterator<RecordedChunk>, AutoCloseable {
    /**
     * The next chunk if it arrives in time. Empty when it does not, and at the end: {@link #ended} tells which.
     *
     * @throws EckermannException when the read fails
     */
    Optional<RecordedChunk> poll(Duration wait);

    /** Whether no chunk will follow. Not before a failure of the read was thrown: {@link #poll} or {@link #next} does. */
    boolean ended();

    @Override
    void close();
}
