package io.eckermann.gateway.peers;

import io.eckermann.protocol.internal.v1.MemberAddress;

/** Nodes as they travel between nodes. */
final class Addresses {
    private Addresses() {}

    static MemberAddress of(Peer peer) {
        return MemberAddress.newBuilder()
                .setId(peer.id())
                .setRaft(peer.raft().toString())
                .setGrpc(peer.grpc().toString())
                .setHttp(peer.http().toString())
                .build();
    }

    /** Throws IllegalArgumentException when an address is none. */
    static Peer peer(MemberAddress address) {
        return new Peer(
                address.getId(),
                HostPort.parse(address.getRaft()),
                HostPort.parse(address.getGrpc()),
                HostPort.parse(address.getHttp()));
    }
}
