package io.eckermann.client;

import java.util.List;

/**
 * What settling came to.
 *
 * @param settled how many events were settled
 * @param lost leases, or some of their events, that had ended before
 */
public record Settled(int settled, List<Lost> lost) {
    public Settled {
        lost = List.copyOf(lost);
    }

    /**
     * Not settled: somebody else may have these.
     *
     * @param positions empty: all that were meant
     */
    public record Lost(long token, List<Long> positions) {
        public Lost {
            positions = List.copyOf(positions);
        }
    }
}
