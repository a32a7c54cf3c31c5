package io.eckermann.statemachine.storage;

import org.jspecify.annotations.Nullable;

/** Stands in for the reader of the same name: rows of the moment of its making, or the newest each time. */
public final class StoreReader implements RowReader, AutoCloseable {
    private final Store store;
    /** Null for the newest. */
    private final @Nullable Rows moment;

    StoreReader(Store store, @Nullable Rows moment) {
        this.store = store;
        this.moment = moment;
    }

    @Override
    public byte @Nullable [] find(Family family, byte[] key) {
        return moment == null
                ? store.find(null, family, key)
                : moment.of(family).get(key);
    }

    @Override
    public void ascend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        if (moment == null) {
            store.ascend(null, family, from, to, visitor);
        } else {
            Rows.show(moment.rising(family, from, to), visitor);
        }
    }

    @Override
    public void descend(Family family, byte[] from, byte[] to, RowVisitor visitor) {
        if (moment == null) {
            store.descend(null, family, from, to, visitor);
        } else {
            Rows.show(moment.falling(family, from, to), visitor);
        }
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
