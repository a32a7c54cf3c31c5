package io.eckermann.statemachine.query;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What one topic's index of terms has from a position on, in memory. Apply thread. */
final class RecentTopic {
    private final long topicId;
    private final Map<TermName, RecentBlocks> blocks = new HashMap<>();
    /** Every block that ends at or behind it is here. */
    private long floor;
    /** Blocks that came since somebody last looked. */
    private int unasked;

    /** @param floor no row of the index ends there or behind it yet */
    RecentTopic(long topicId, long floor) {
        this.topicId = topicId;
        this.floor = floor;
    }

    long topicId() {
        return topicId;
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
        blocks.computeIfAbsent(name, none -> new RecentBlocks()).add(block);
        unasked++;
    }

    /** Lets a term's oldest block go, and with it the promise to have what ends where it does or before. */
    void removeOldest(TermName name, PostingBlock oldest) {
        floor = Math.max(floor, oldest.last() + 1);
        RecentBlocks ofTerm = blocks.get(name);
        if (ofTerm != null) {
            assert ofTerm.at(ofTerm.begin()) == oldest : name;
            ofTerm.removeFirst();
            if (ofTerm.isEmpty()) {
                blocks.remove(name);
            }
        }
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Shows a term's blocks in rising order, from the first on that ends at or behind the position; not below the floor. */
    void ascend(TermName name, long position, Predicate<PostingBlock> visitor) {
        RecentBlocks ofTerm = blocks.get(name);
        if (ofTerm == null) {
            return;
        }
        int next = ofTerm.atOrBehind(position);
        while (next < ofTerm.end() && visitor.test(ofTerm.at(next))) {
            next++;
        }
    }

    /** Shows those in falling order that end at or before the position, down to the floor; whether to go on below it. */
    boolean descend(TermName name, long position, Predicate<PostingBlock> visitor) {
        RecentBlocks ofTerm = blocks.get(name);
        if (ofTerm == null || position < floor) {
            return true;
        }
        int lowest = ofTerm.atOrBehind(floor);
        for (int next = ofTerm.atOrBehind(position + 1) - 1; next >= lowest; next--) {
            if (!visitor.test(ofTerm.at(next))) {
                return false;
            }
        }
        return true;
    }
}
