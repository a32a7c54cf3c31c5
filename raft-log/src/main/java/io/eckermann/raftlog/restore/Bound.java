package io.eckermann.raftlog.restore;

/**
 * Up to where a log is applied again. Whatever stands behind the first entry that is beyond it is left out, too.
 *
 * @param raftIndex the last entry; {@link Long#MAX_VALUE}: the last there is
 * @param timeNs the latest leader's time of a command, in nanoseconds since the epoch; {@link Long#MAX_VALUE}: any
 */
public record Bound(long raftIndex, long timeNs) {
    /** All there is. */
    public static final Bound NONE = new Bound(Long.MAX_VALUE, Long.MAX_VALUE);

    boolean isIndex() {
        return raftIndex != Long.MAX_VALUE;
    }
}
