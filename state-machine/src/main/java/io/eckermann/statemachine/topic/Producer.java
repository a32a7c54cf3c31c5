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
     * @param usedAt Raft index of its last accepted append; {@link #NEVER} before the first
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

    void accepted(long sequence, long raftIndex) {
        lastSequence = sequence;
        usedAt = raftIndex;
        saved = false;
    }

    /** Its rows are as it is. */
    void markSaved() {
        savedUsedAt = usedAt;
        saved = true;
    }
}
