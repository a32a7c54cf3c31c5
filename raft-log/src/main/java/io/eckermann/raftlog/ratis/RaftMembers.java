package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.Membership;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.jspecify.annotations.Nullable;

/** Members as Ratis knows them: its peers have room for the addresses of all doors. */
final class RaftMembers {
    private RaftMembers() {}

    static RaftPeer peer(Member member) {
        RaftPeer.Builder peer = RaftPeer.newBuilder().setId(member.id()).setAddress(member.raftAddress());
        if (!member.grpcAddress().isEmpty()) {
            peer.setClientAddress(member.grpcAddress());
        }
        if (!member.httpAddress().isEmpty()) {
            peer.setAdminAddress(member.httpAddress());
        }
        return peer.build();
    }

    private static Member member(RaftPeer peer) {
        return new Member(
                peer.getId().toString(),
                orEmpty(peer.getAddress()),
                orEmpty(peer.getClientAddress()),
                orEmpty(peer.getAdminAddress()));
    }

    private static String orEmpty(@Nullable String address) {
        return address == null ? "" : address;
    }

    /** @param committed the last index that is */
    static Membership membership(RaftConfiguration configuration, long committed) {
        Map<String, Member> all = new TreeMap<>();
        configuration.getPreviousPeers().forEach(peer -> all.put(peer.getId().toString(), member(peer)));
        boolean changing = !all.isEmpty();
        configuration.getCurrentPeers().forEach(peer -> all.put(peer.getId().toString(), member(peer)));
        boolean settled = !changing && configuration.getLogEntryIndex() <= committed;
        return new Membership(List.copyOf(all.values()), configuration.getLogEntryIndex(), settled);
    }
}
