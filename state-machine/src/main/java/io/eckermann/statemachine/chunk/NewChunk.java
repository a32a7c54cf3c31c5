package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.v1.Chunk;
import java.util.ArrayList;
import java.util.List;

/**
 * A chunk that was just applied, as readers get it.
 *
 * @param chunk its body may share the bytes of the Raft entry that brought it
 * @param sharedBytes how many bytes its entry's chunks keep in memory together, for the entry's first chunk: as long as one
 *     of them is there; 0 for the entry's further chunks, which follow at once
 */
public record NewChunk(long topicId, Chunk chunk, long sharedBytes) {
    /** Chunks that are less than this part of their entry are copied out of it. */
    private static final int COPIED_BELOW_PART = 8;

    /**
     * The chunks of one entry, which share its bytes; unless they are little of it, most having been refused: then they do
     * not keep it in memory.
     *
     * @param entryBytes of all bodies that the entry brought, also those refused
     */
    public static List<NewChunk> ofEntry(List<NewChunk> chunks, long entryBytes) {
        if (chunks.isEmpty()) {
            return chunks;
        }
        long own = 0;
        Chunk before = Chunk.getDefaultInstance();
        for (NewChunk chunk : chunks) {
            own += ChunkReader.shareBody(before, chunk.chunk())
                    ? 0
                    : chunk.chunk().getBody().size();
            before = chunk.chunk();
        }
        boolean copied = own * COPIED_BELOW_PART < entryBytes;
        List<NewChunk> marked = copied ? copies(chunks) : new ArrayList<>(chunks);
        NewChunk first = marked.get(0);
        marked.set(0, new NewChunk(first.topicId(), first.chunk(), copied ? own : entryBytes));
        return marked;
    }

    private static List<NewChunk> copies(List<NewChunk> chunks) {
        List<NewChunk> copies = new ArrayList<>(chunks.size());
        Chunk before = Chunk.getDefaultInstance();
        for (NewChunk original : chunks) {
            Chunk chunk = original.chunk();
            ByteString body = ChunkReader.shareBody(before, chunk)
                    ? before.getBody()
                    : ByteString.copyFrom(chunk.getBody().asReadOnlyByteBuffer());
            before = chunk.toBuilder().setBody(body).build();
            copies.add(new NewChunk(original.topicId(), before, 0));
        }
        return copies;
    }
}
