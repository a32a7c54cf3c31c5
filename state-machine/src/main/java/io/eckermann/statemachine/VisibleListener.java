package io.eckermann.statemachine;

import io.eckermann.statemachine.chunk.NewChunk;
import java.util.List;

/**
 * Is told what became visible in the {@link ReadView}, in the order of the Raft log, and before {@link HeadSignal} wakes
 * anybody. All calls come from one thread at a time; they must be quick and must not throw.
 */
public interface VisibleListener {
    /** These chunks, of any topics, are visible now; a topic's chunks come in the order of their positions. */
    void appended(List<NewChunk> chunks);

    /** Chunks of the topic before this position that {@link #appended} named, now or before, have other bytes now. */
    default void rewritten(long topicId, long before) {}

    /** Events of the topic before this position, also of what {@link #appended} named, are gone. */
    default void truncated(long topicId, long first) {}

    /** Keys or rules are other ones now. */
    default void accessChanged() {}

    /** The topic is gone, also for what {@link #appended} named before. Its id is never used again. */
    void deleted(long topicId);

    /** The whole state was replaced: nothing that was named before needs to hold. */
    void replaced();
}
