package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import org.jspecify.annotations.Nullable;

/** Bodies kept as rows, written in the same batch as the index. */
public final class BodyTable implements ChunkSource {
    private final RowReader rows;

    public BodyTable(RowReader rows) {
        this.rows = rows;
    }

    @Override
    public @Nullable ByteString find(ChunkAddress address) {
        byte[] body = rows.find(Family.BODIES, key(address));
        return body == null ? null : UnsafeByteOperations.unsafeWrap(body);
    }

    public static void put(StoreBatch batch, ChunkAddress address, ByteString body) {
        assert body.size() == address.length() : address;
        batch.put(Family.BODIES, key(address), body.toByteArray());
    }

    private static byte[] key(ChunkAddress address) {
        return Key.of(address.topicId())
                .then(address.raftIndex())
                .then(address.ordinal())
                .then(address.offset())
                .bytes();
    }
}
