package io.eckermann.gateway.peers;

/**
 * A node of the cluster and its three doors.
 *
 * @param id such as "n1"
 */
public record Peer(String id, HostPort raft, HostPort grpc, HostPort http) {}
