package io.eckermann.client;

/**
 * Bytes on one node's disk; a file with several names counts once.
 *
 * @param logBytes files of the Raft log that the state has not taken over
 * @param keptBytes segments of the Raft log that the state has taken over
 * @param logAndKeptBytes both together
 * @param indexBytes RocksDB
 * @param snapshotBytes what only snapshots have
 * @param payloadBytes payload appended since the node started
 * @param deviceBytes what the process had the device write since then; -1 where the system does not say
 * @param writeAmplification deviceBytes per byte of payload; 0 when it is not known
 */
public record StorageStatus(
        long logBytes,
        long keptBytes,
        long logAndKeptBytes,
        long indexBytes,
        long snapshotBytes,
        long payloadBytes,
        long deviceBytes,
        double writeAmplification) {}
