package io.eckermann.statemachine;

import io.eckermann.statemachine.storage.IndexMemory;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.tail.TailCache;

/**
 * Memory that the states of all shards of a node have together, so that those that are busy have what others leave. Closed
 * after all of them. Safe from any thread.
 */
public final class StateMemory implements AutoCloseable {
    private final IndexMemory index;
    private final TailCache tail;

    /** Takes none yet. */
    public StateMemory(StorageSettings settings) {
        index = new IndexMemory(settings);
        tail = new TailCache(settings.tailBytes());
    }

    IndexMemory index() {
        return index;
    }

    TailCache tail() {
        return tail;
    }

    @Override
    public void close() {
        tail.clear();
        index.close();
    }
}
