package io.eckermann.raftlog;

import java.util.List;

/**
 * Who belongs to the group, as this node knows.
 *
 * @param members while a change is under way, those before and those after it
 * @param index Raft index of the list, -1 while it is that of the founders
 * @param settled no change is under way, and a majority has the list on disk
 */
public record Membership(List<Member> members, long index, boolean settled) {
    /** Before Raft runs. */
    public static final Membership UNKNOWN = new Membership(List.of(), -1, false);

    public Membership {
        members = List.copyOf(members);
    }

    /** Whether it is among them. */
    public boolean has(String memberId) {
        return members.stream().anyMatch(member -> member.id().equals(memberId));
    }
}
