package io.eckermann.statemachine.query;

import java.util.Arrays;

/** The newest blocks of one term, in rising order; mostly there is one. They come at the end and go at the beginning. */
final class RecentBlocks {
    private PostingBlock[] blocks = new PostingBlock[1];
    private int from;
    private int to;

    /** Adds one that ends behind all others. */
    void add(PostingBlock block) {
        assert from == to || block.last() > blocks[to - 1].last() : block.last();
        if (to == blocks.length) {
            int size = to - from;
            blocks = Arrays.copyOfRange(blocks, from, from + Math.max(size + 1, 2 * size));
            from = 0;
            to = size;
        }
        blocks[to++] = block;
    }

    /** Forgets the first. */
    void removeFirst() {
        Arrays.fill(blocks, from, from + 1, null);
        from++;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** The index of the first that ends at or behind the position; the {@link #end} when none does. */
    int atOrBehind(long position) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks[middle].last() < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Behind the index of the last. */
    int end() {
        return to;
    }

    /** The index of the first. */
    int begin() {
        return from;
    }

    PostingBlock at(int index) {
        return blocks[index];
    }
}
