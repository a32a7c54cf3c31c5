package io.eckermann.statemachine.query;

/**
 * What the index has of the newest events, in memory: it changes what a look costs, never what it finds. Empty after a start
 * and after a snapshot was put in place. Apply thread.
 */
public record RecentIndex(RecentTerms terms, RecentKeys keys) {
    private static final long TERMS_BYTES_MAX = 8 << 20;

    /** An empty one. */
    public RecentIndex() {
        this(new RecentTerms(TERMS_BYTES_MAX), new RecentKeys());
    }

    /** After all rows were replaced. */
    public void clear() {
        terms.clear();
        keys.clear();
    }
}
