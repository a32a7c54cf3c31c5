package io.eckermann.raftlog;

/**
 * A voting member of the group. Its addresses are host:port as configured, never resolved ones: a node may come back under
 * a new one. Raft keeps them with the list of members, so that every node learns them.
 *
 * @param id the member's id, e.g. "n1"
 * @param grpcAddress of its gRPC door; empty when it is not known
 * @param httpAddress of its HTTP door; empty when it is not known
 */
public record Member(String id, String raftAddress, String grpcAddress, String httpAddress) {
    /** A member whose doors nobody asks for. */
    public Member(String id, String raftAddress) {
        this(id, raftAddress, "", "");
    }
}
