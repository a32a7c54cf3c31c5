package io.eckermann.statemachine;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.storage.IndexFigures;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreReader;
import java.io.IOException;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The store that is open now. Readers share it; it is closed or exchanged only while none reads. */
final class LiveStore {
    /** Makes the store that takes the old one's place. */
    interface Successor {
        Store open() throws IOException;
    }

    // Readers queue behind a waiting exchange, so a stream of them can't keep it waiting for ever.
    private final StampedLock lock = new StampedLock();
    private final Moments moments = new Moments(this);
    /** Changed under the lock; null when closed. */
    private volatile @Nullable Store store;

    LiveStore(Store store) {
        this.store = store;
    }

    /** Reads at one consistent moment; NOT_READY once closed. */
    <T> T read(Function<StoreReader, T> query) {
        long stamp = lock.readLock();
        try (StoreReader reader = open().reader()) {
            return query.apply(reader);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Reads what is there now, cheaply: each row or walk over rows is a moment of its own. NOT_READY once closed. */
    <T> T readLatest(Function<StoreReader, T> query) {
        long stamp = lock.readLock();
        try {
            return query.apply(open().latestReader());
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Rows of one moment, until they are let go; whoever closes or exchanges the store waits for that. */
    final class Held implements AutoCloseable {
        private final StoreReader rows;
        private final long stamp;

        private Held(StoreReader rows, long stamp) {
            this.rows = rows;
            this.stamp = stamp;
        }

        StoreReader rows() {
            return rows;
        }

        /** Once, on any thread. */
        @Override
        public void close() {
            rows.close();
            lock.unlockRead(stamp);
        }
    }

    /** Who reads through it as it was. */
    Moments moments() {
        return moments;
    }

    /** Holds all rows as they are now, to read through them. NOT_READY once closed. */
    Held hold() {
        long stamp = lock.readLock();
        try {
            return new Held(open().scanner(), stamp);
        } catch (RuntimeException e) {
            lock.unlockRead(stamp);
            throw e;
        }
    }

    /** Does what does not change rows, beside readers and the thread that writes. NOT_READY once closed. */
    void use(Consumer<Store> act) {
        long stamp = lock.readLock();
        try {
            act.accept(open());
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** What the store tells of itself. NOT_READY once closed. */
    IndexFigures figures() {
        long stamp = lock.readLock();
        try {
            return open().figures();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    private Store open() {
        Store open = store;
        if (open == null) {
            throw new StoreException(ErrorCode.NOT_READY, "This node is stopping: ask another one.");
        }
        return open;
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
        endLongWork();
        long stamp = lock.writeLock();
        try {
            closeStore();
            store = successor.open();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Waits for readers and closes it; again is fine. */
    void close() {
        endLongWork();
        long stamp = lock.writeLock();
        try {
            closeStore();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** They would be waited for. */
    private void endLongWork() {
        moments.end();
        Store open = store;
        if (open != null) {
            open.endCompaction();
        }
    }

    private void closeStore() {
        Store open = store;
        if (open != null) {
            store = null;
            open.close();
        }
    }
}
