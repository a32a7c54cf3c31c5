package io.eckermann.statemachine.topic;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.StoredChunk;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.eckermann.statemachine.storage.StoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads pages of chunks, each checked against its checksum. */
public final class ChunkPages {
    private final StoreReader rows;
    private final ChunkSource bodies;

    public ChunkPages(StoreReader rows, ChunkSource bodies) {
        this.rows = rows;
        this.bodies = bodies;
    }

    /** Chunks in rising order from the one that holds {@code from}; at least one if there is one. */
    public List<Chunk> forward(long topicId, long from, long bytesMax) {
        return pages(() -> {
            Page page = new Page(bytesMax);
            if (topicId > 0 && from > 0) {
                ChunkTable.ascend(rows, topicId, from, page::take);
            }
            return page;
        });
    }

    /** Looks once more when what was found has been removed, or replaced, before its bytes were read. */
    private List<Chunk> pages(Supplier<Page> look) {
        while (true) {
            Page page = look.get();
            List<Chunk> chunks = page.chunks();
            if (chunks.size() == page.taken.size()) {
                return chunks;
            }
        }
    }

    /** Chunks in falling order from the one that holds {@code from}; at least one if there is one. */
    public List<Chunk> backward(long topicId, long from, long bytesMax) {
        return pages(() -> {
            Page page = new Page(bytesMax);
            IndexedChunk start = topicId > 0 && from > 0 ? ChunkTable.holding(rows, topicId, from) : null;
            if (start != null) {
                ChunkTable.descend(rows, topicId, start.last(), page::take);
            }
            return page;
        });
    }

    /** The chunk that holds the position, with the address of its body; null when none does. */
    public @Nullable StoredChunk stored(long topicId, long position) {
        while (true) {
            IndexedChunk found = ChunkTable.holding(rows, topicId, position);
            if (found == null || position < found.first()) {
                return null;
            }
            Chunk chunk = checked(found, bodies.find(List.of(found.address())).get(0));
            if (chunk != null) {
                return new StoredChunk(found.address(), chunk);
            }
        }
    }

    /** Null when the index does not say so any more: then the bytes may be gone, too. */
    private @Nullable Chunk checked(IndexedChunk chunk, @Nullable ByteString body) {
        if (body == null || EventsCodec.crc32c(body) != chunk.row().getCrc32C()) {
            IndexedChunk now = ChunkTable.endingAt(rows, chunk.topicId(), chunk.last());
            if (now == null || !now.address().equals(chunk.address())) {
                return null;
            }
            throw new StoreException(
                            ErrorCode.DATA_CORRUPT,
                            "A stored chunk is damaged on this node: read from another node, and let this one be rebuilt.")
                    .with("topic_id", chunk.topicId())
                    .with("position", chunk.first())
                    .with("raft_index", chunk.row().getRaftIndex());
        }
        return chunk.with(body);
    }

    /** Takes chunks until the next would go over the limit; the first always fits. */
    private final class Page {
        private final List<IndexedChunk> taken = new ArrayList<>();
        private long bytesLeft;

        Page(long bytesMax) {
            bytesLeft = bytesMax;
        }

        boolean take(IndexedChunk chunk) {
            bytesLeft -= chunk.row().getLength();
            if (bytesLeft < 0 && !taken.isEmpty()) {
                return false;
            }
            taken.add(chunk);
            return bytesLeft > 0;
        }

        List<Chunk> chunks() {
            List<@Nullable ByteString> found =
                    bodies.find(taken.stream().map(IndexedChunk::address).toList());
            List<Chunk> chunks = new ArrayList<>(taken.size());
            for (int i = 0; i < taken.size(); i++) {
                Chunk chunk = checked(taken.get(i), found.get(i));
                if (chunk == null) {
                    return List.of();
                }
                chunks.add(chunk);
            }
            return chunks;
        }
    }
}
