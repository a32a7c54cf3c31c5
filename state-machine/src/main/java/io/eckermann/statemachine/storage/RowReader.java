package io.eckermann.statemachine.storage;

import org.jspecify.annotations.Nullable;

/** Reads rows: from one consistent moment ({@link StoreReader}), or from a batch and what is below it ({@link StoreBatch}). */
public interface RowReader {
    /** The row's value, or null. */
    byte @Nullable [] find(Family family, byte[] key);

    /** Visits rows in key order, {@code from} inclusive to {@code to} exclusive, until the visitor returns false. */
    void ascend(Family family, byte[] from, byte[] to, RowVisitor visitor);

    /** Visits rows in falling key order, {@code from} inclusive down to {@code to} inclusive, until it returns false. */
    void descend(Family family, byte[] from, byte[] to, RowVisitor visitor);

    /** Is shown rows. */
    @FunctionalInterface
    interface RowVisitor {
        /** Returns whether to go on. */
        boolean row(byte[] key, byte[] value);
    }
}
