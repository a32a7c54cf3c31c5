package io.eckermann.statemachine.query;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What one topic's index of terms has from a position on, in memory. Apply thread. */
final class RecentTopic {
    private final Map<TermName, NavigableMap<Long, PostingBlock>> blocks = new HashMap<>();
    /** Every block that ends at or behind it is here. */
    private long floor;
    /** Blocks that came since somebody last looked. */
    private int unasked;

    /** @param floor no row of the index ends there or behind it yet */
    RecentTopic(long floor) {
        this.floor = floor;
    }

    long floor() {
        return floor;
    }

    int unasked() {
        return unasked;
    }

    /** Somebody looks. */
    void asked() {
        unasked = 0;
    }

    void add(TermName name, PostingBlock block) {
        blocks.computeIfAbsent(name, none -> new TreeMap<>()).put(block.last(), block);
        unasked++;
    }

    /** Lets a block go, and with it the promise to have what ends where it does or before. */
    void remove(TermName name, PostingBlock block) {
        floor = Math.max(floor, block.last() + 1);
        NavigableMap<Long, PostingBlock> ofTerm = blocks.get(name);
        if (ofTerm != null && ofTerm.remove(block.last()) != null && ofTerm.isEmpty()) {
            blocks.remove(name);
        }
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Shows a term's blocks in rising order, from the first on that ends at or behind the position; not below the floor. */
    void ascend(TermName name, long position, Predicate<PostingBlock> visitor) {
        NavigableMap<Long, PostingBlock> ofTerm = blocks.get(name);
        if (ofTerm == null) {
            return;
        }
        for (PostingBlock block : ofTerm.tailMap(position, true).values()) {
            if (!visitor.test(block)) {
                return;
            }
        }
    }

    /** Shows those in falling order that end at or before the position, down to the floor; whether to go on below it. */
    boolean descend(TermName name, long position, Predicate<PostingBlock> visitor) {
        NavigableMap<Long, PostingBlock> ofTerm = blocks.get(name);
        if (ofTerm == null || position < floor) {
            return true;
        }
        for (PostingBlock block :
                ofTerm.subMap(floor, true, position, true).descendingMap().values()) {
            if (!visitor.test(block)) {
                return false;
            }
        }
        return true;
    }
}
