package io.eckermann.gateway.read;

import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.ReadFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/** Counts what reads are given. Safe from any thread. */
public final class ServedReads {
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    public long events() {
        return events.sum();
    }

    /** Of events' bodies: of a chunk that is sent in part, its share. */
    public long bytes() {
        return bytes.sum();
    }

    /** The same read, counted. */
    ReadStream counted(ReadStream stream) {
        return new ReadStream() {
            @Override
            public CompletableFuture<Optional<ReadFrame>> next() {
                return stream.next().thenApply(frame -> {
                    frame.ifPresent(ServedReads.this::count);
                    return frame;
                });
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    private void count(ReadFrame frame) {
        if (frame.hasEvents()) {
            events.add(frame.getEvents().getEventsCount());
        }
        for (ChunkSlice slice : frame.getChunks().getChunksList()) {
            events.add(slice.getTake());
        }
        bytes.add(bytes(frame));
    }

    /** Of the events in it. */
    static long bytes(ReadFrame frame) {
        if (frame.hasEvents()) {
            return frame.getEvents().getSerializedSize();
        }
        long bytes = 0;
        for (ChunkSlice slice : frame.getChunks().getChunksList()) {
            bytes += (long) slice.getChunk().getBody().size()
                    * slice.getTake()
                    / Math.max(1, slice.getChunk().getCount());
        }
        return bytes;
    }
}
