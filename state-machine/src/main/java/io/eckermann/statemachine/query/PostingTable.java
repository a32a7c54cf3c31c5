package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where terms are: of each its positions, in blocks by their last one. */
final class PostingTable {
    private static final int KIND_AT = Long.BYTES;
    private static final int LENGTH_AT = KIND_AT + Byte.BYTES;
    static final int TEXT_AT = LENGTH_AT + Short.BYTES;

    private PostingTable() {}

    /** What the keys of all of a term's blocks begin with; its length is said, so that no other term's begin so too. */
    static byte[] prefix(long topicId, Kind kind, ByteString text) {
        assert text.size() <= 0xffff : text.size();
        byte[] prefix = new byte[TEXT_AT + text.size()];
        ByteBuffer.wrap(prefix).putLong(topicId).put((byte) kind.code()).putShort((short) text.size());
        text.copyTo(prefix, TEXT_AT);
        return prefix;
    }

    static void put(StoreBatch batch, byte[] prefix, PostingBlock block) {
        batch.putFresh(Family.TERMS, key(prefix, block.last()), block.toBytes());
    }

    /** Takes positions out of a term's blocks; those that none of them has are left out. */
    static void remove(StoreBatch batch, byte[] prefix, PostingBlock gone) {
        long next = gone.last();
        while (next >= gone.first()) {
            PostingBlock block = holding(batch, prefix, next);
            long lowest = block == null ? below(batch, prefix, next) + 1 : block.first();
            if (block != null) {
                remove(batch, prefix, block, gone);
            }
            next = lowest <= gone.first() ? 0 : gone.atOrBefore(lowest - 1);
        }
    }

    private static void remove(StoreBatch batch, byte[] prefix, PostingBlock block, PostingBlock gone) {
        PostingBlock left = block.without(gone);
        if (left.isEmpty() || left.last() != block.last()) {
            batch.delete(Family.TERMS, key(prefix, block.last()));
        }
        if (!left.isEmpty()) {
            batch.put(Family.TERMS, key(prefix, left.last()), left.toBytes());
        }
    }

    /** The block that spans the position: mostly it ends there, and that costs less to find. */
    private static @Nullable PostingBlock holding(RowReader rows, byte[] prefix, long position) {
        byte[] ending = rows.find(Family.TERMS, key(prefix, position));
        if (ending != null) {
            return PostingBlock.of(position, ending);
        }
        PostingBlock[] found = {null};
        ascend(rows, prefix, position, block -> {
            found[0] = block.first() <= position ? block : null;
            return false;
        });
        return found[0];
    }

    /** The last position of the last block that ends before this one; 0 when none does. */
    private static long below(RowReader rows, byte[] prefix, long position) {
        long[] found = {0};
        descend(rows, prefix, position - 1, block -> {
            found[0] = block.last();
            return false;
        });
        return found[0];
    }

    /** Shows blocks in rising order, beginning with the first that ends at or behind the position. */
    static void ascend(RowReader rows, byte[] prefix, long position, Predicate<PostingBlock> visitor) {
        // No position is the greatest number.
        rows.ascend(
                Family.TERMS,
                key(prefix, position),
                key(prefix, Long.MAX_VALUE),
                (key, value) -> visitor.test(block(prefix, key, value)));
    }

    /** Shows blocks in falling order, beginning with the last that ends at or before the position. */
    static void descend(RowReader rows, byte[] prefix, long position, Predicate<PostingBlock> visitor) {
        rows.descend(
                Family.TERMS,
                key(prefix, position),
                key(prefix, 0),
                (key, value) -> visitor.test(block(prefix, key, value)));
    }

    private static PostingBlock block(byte[] prefix, byte[] key, byte[] value) {
        return PostingBlock.of(ByteBuffer.wrap(key).getLong(prefix.length), value);
    }

    static byte[] key(byte[] prefix, long position) {
        return ByteBuffer.allocate(prefix.length + Long.BYTES)
                .put(prefix)
                .putLong(position)
                .array();
    }
}
