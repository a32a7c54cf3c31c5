package io.eckermann.raftlog;

/**
 * A voting member of the group.
 *
 * @param id the node's id, e.g. "n1"
 * @param raftAddress host:port as configured, never a resolved address: a node may come back under a new one
 */
public record Member(String id, String raftAddress) {}
