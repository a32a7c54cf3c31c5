package io.eckermann.client;

/**
 * What a node's state of one shard came to, right after an entry of its log.
 *
 * @param raftIndex the entry
 * @param sha256 of all that the state holds, as hex; empty when it can't be read
 * @param verdict as the answering node judges
 */
public record DigestStatus(int shard, long raftIndex, String sha256, Verdict verdict) {
    /** How it compares with what the other nodes have. */
    public enum Verdict {
        /** Too few nodes of the same version have told what theirs came to. */
        OPEN,
        /** A majority of the nodes has the same. */
        AGREES,
        /** A majority of the nodes has another one. */
        DIFFERS,
        /** There is none that a majority could have. */
        NO_MAJORITY
    }
}
