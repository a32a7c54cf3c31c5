package io.eckermann.statemachine.topic;

/** What a topic knows of one producer, in memory. Apply thread. */
final class Producer {
    /** Its rows say so much: no entry has this index. */
    static final long NEVER = -1;

    private final String name;
    private long lastSequence;
    private long usedAt;
    private long savedUsedAt;
    private boolean saved = true;

    /**
     * As its rows have it.
     *
     * @param usedAt Raft index of an append that took a sequence, its last or one shortly before; {@link #NEVER} before the first
     */
    Producer(String name, long lastSequence, long usedAt) {
        this.name = name;
        this.lastSequence = lastSequence;
        this.usedAt = usedAt;
        this.savedUsedAt = usedAt;
    }

    String name() {
        return name;
    }

    long lastSequence() {
        return lastSequence;
    }

    long usedAt() {
        return usedAt;
    }

    /** Raft index under which its rows know it, or {@link #NEVER}. */
    long savedUsedAt() {
        return savedUsedAt;
    }

    boolean isSaved() {
        return saved;
    }

    void taken(long sequence, long raftIndex) {
        lastSequence = sequence;
        usedAt = raftIndex;
        saved = false;
    }

    /**
     * Whether its rows are too far behind to tell when it was last used.
     *
     * @param entries by how many they may be behind
     */
    boolean isUseStale(long entries) {
        return savedUsedAt == NEVER || usedAt - savedUsedAt > entries;
    }

    /** Its rows know of its last use. */
    void markUseSaved() {
        savedUsedAt = usedAt;
    }

    /** Its rows know its last sequence. */
    void markSaved() {
        saved = true;
    }
}
