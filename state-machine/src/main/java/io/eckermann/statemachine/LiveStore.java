package io.eckermann.statemachine;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreReader;
import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The store that is open now. Readers share it; it is closed or exchanged only while none reads. */
final class LiveStore {
    /** Makes the store that takes the old one's place. */
    interface Successor {
        Store open() throws IOException;
    }

    // Fair, so that a stream of readers cannot keep an exchange waiting for ever.
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
    /** Guarded by the lock; null when closed. */
    private @Nullable Store store;

    LiveStore(Store store) {
        this.store = store;
    }

    /** Reads at one consistent moment; NOT_READY once closed. */
    <T> T read(Function<StoreReader, T> query) {
        lock.readLock().lock();
        try {
            if (store == null) {
                throw new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
            }
            try (StoreReader reader = store.reader()) {
                return query.apply(reader);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** For the thread that also exchanges and closes it. */
    Store forWriting() {
        Store open = store;
        if (open == null) {
            throw new IllegalStateException("The state machine is closed.");
        }
        return open;
    }

    /** For the same thread. */
    boolean isOpen() {
        return store != null;
    }

    /** Closes the store, then opens its successor, while readers wait. */
    void exchange(Successor successor) throws IOException {
        lock.writeLock().lock();
        try {
            close();
            store = successor.open();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Waits for readers and closes it; again is fine. */
    void close() {
        lock.writeLock().lock();
        try {
            if (store != null) {
                store.close();
                store = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
