package io.eckermann.statemachine;

import io.eckermann.statemachine.chunk.NewChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What consecutive entries came to, for those who are told once it is visible. Filled on the apply thread. */
final class AppliedRun {
    private final List<NewChunk> chunks = new ArrayList<>();
    private final SortedSet<Long> changedTopics = new TreeSet<>();
    private final SortedSet<Long> deletedTopics = new TreeSet<>();
    private final SortedSet<Long> changedGroups = new TreeSet<>();
    private final SortedMap<Long, Long> rewrittenTopics = new TreeMap<>();
    private final SortedMap<Long, Long> truncatedTopics = new TreeMap<>();
    private RaftIndex last = RaftIndex.NONE;
    private long bodyBytes;
    private int entries;
    private boolean settingsChanged;
    private boolean accessChanged;
    private boolean marked;

    /** Takes in the next entry. */
    void add(RaftIndex at, CommandApplier applier) {
        add(at, applier.newChunks());
        changedTopics.addAll(applier.changedTopics());
        deletedTopics.addAll(applier.deletedTopics());
        changedGroups.addAll(applier.changedGroups());
        applier.rewrittenTopics().forEach((topicId, end) -> rewrittenTopics.merge(topicId, end, Math::max));
        truncatedTopics.putAll(applier.truncatedTopics());
        settingsChanged |= applier.settingsChanged();
        accessChanged |= applier.accessChanged();
        marked |= applier.marked();
    }

    void add(RaftIndex at, List<NewChunk> brought) {
        last = at;
        entries++;
        chunks.addAll(brought);
        for (NewChunk chunk : brought) {
            // Not its body: chunks of one entry share its bytes.
            bodyBytes += chunk.sharedBytes();
        }
    }

    int entries() {
        return entries;
    }

    RaftIndex last() {
        return last;
    }

    /** How many bytes of entries it keeps in memory. */
    long bodyBytes() {
        return bodyBytes;
    }

    List<NewChunk> chunks() {
        return chunks;
    }

    SortedSet<Long> changedTopics() {
        return changedTopics;
    }

    SortedSet<Long> deletedTopics() {
        return deletedTopics;
    }

    SortedSet<Long> changedGroups() {
        return changedGroups;
    }

    SortedMap<Long, Long> rewrittenTopics() {
        return rewrittenTopics;
    }

    SortedMap<Long, Long> truncatedTopics() {
        return truncatedTopics;
    }

    boolean settingsChanged() {
        return settingsChanged;
    }

    boolean accessChanged() {
        return accessChanged;
    }

    /** Whether the state is looked at as it is right after its last entry: none may follow in it then. */
    boolean marked() {
        return marked;
    }
}
