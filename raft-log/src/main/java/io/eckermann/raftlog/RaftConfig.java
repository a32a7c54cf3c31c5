package io.eckermann.raftlog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How one node takes part in one Raft group. It checks itself: a wrong value is an IllegalArgumentException that names
 * it.
 *
 * @param memberId this node's id, one of the members'
 * @param members at the very first start all voting members, the same list on every node; later Raft's own list counts
 * @param clusterId names the group; nodes of another cluster are refused
 * @param directory for the log; a directory of the group is made in it
 * @param bindHost the address to listen at, empty for all
 * @param commitTimeout after which a proposed write counts as of unknown outcome
 * @param diskFreeBytesMin appends are refused while less is free
 * @param tls null: plain text
 * @param founding the members found the group; else this node waits until the group takes it in
 * @param part which of the cluster's groups this is
 */
public record RaftConfig(
        String memberId,
        List<Member> members,
        String clusterId,
        Path directory,
        String bindHost,
        Elections elections,
        Duration commitTimeout,
        Snapshots snapshots,
        long diskFreeBytesMin,
        @Nullable Tls tls,
        boolean founding,
        Part part) {
    /**
     * One of the groups of a cluster, which share the node's disk and memory.
     *
     * @param number from 0
     * @param count how many there are
     */
    public record Part(int number, int count) {
        /** All there is. */
        public static final Part WHOLE = new Part(0, 1);

        public Part {
            check(number >= 0 && number < count, "part.number must be from 0 and below part.count");
        }

        /** Of something that all groups have together, what this one may have. */
        public long share(long whole, long least) {
            return Math.max(least, whole / count);
        }
    }

    /**
     * What encrypts the connections among members, and tells them from strangers.
     *
     * @param keys show this member's certificate, to those who call it and to those it calls
     * @param trust members only
     */
    public record Tls(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

    /**
     * A follower that hears nothing from its leader for a random time between these stands for election.
     */
    public record Elections(Duration timeoutMin, Duration timeoutMax) {
        /** Lower is not safe while several nodes share few cores. */
        public static final Elections DEFAULT = new Elections(Duration.ofMillis(500), Duration.ofMillis(1000));

        public Elections {
            check(timeoutMin.toMillis() >= 50, "elections.timeoutMin must be at least 50 ms");
            check(timeoutMax.compareTo(timeoutMin) > 0, "elections.timeoutMax must be above timeoutMin");
        }
    }

    /**
     * When state is made durable, and what is kept of the log then.
     *
     * @param everyBytes of applied entries
     * @param every if anything was applied since the last one
     * @param entriesKept of the log, for followers that come back after a short while
     * @param segmentBytes the log is kept in files of about this size, and deleted by whole files
     */
    public record Snapshots(long everyBytes, Duration every, long entriesKept, long segmentBytes) {
        public static final Snapshots DEFAULT = new Snapshots(256L << 20, Duration.ofSeconds(60), 4_000, 32L << 20);

        public Snapshots {
            check(everyBytes > 0, "snapshots.everyBytes must be positive");
            check(every.toMillis() > 0, "snapshots.every must be positive");
            check(entriesKept >= 0, "snapshots.entriesKept must not be negative");
            check(segmentBytes >= 4096, "snapshots.segmentBytes must be at least 4096");
        }
    }

    public RaftConfig {
        members = List.copyOf(members);
        check(!clusterId.isBlank(), "clusterId must not be blank");
        check(!members.isEmpty(), "members must not be empty");
        Set<String> ids = new HashSet<>();
        for (Member member : members) {
            check(!member.id().isBlank(), "a member's id must not be blank");
            check(ids.add(member.id()), "two members have the id " + member.id());
            port(member);
        }
        check(ids.contains(memberId), "memberId " + memberId + " is not among the members " + ids);
        check(commitTimeout.toMillis() > 0, "commitTimeout must be positive");
        check(diskFreeBytesMin >= 0, "diskFreeBytesMin must not be negative");
    }

    /** A configuration with defaults for the rest. */
    public static RaftConfig of(String memberId, List<Member> members, String clusterId, Path directory) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                "",
                Elections.DEFAULT,
                Duration.ofSeconds(10),
                Snapshots.DEFAULT,
                256L << 20,
                null,
                true,
                Part.WHOLE);
    }

    public RaftConfig withBindHost(String host) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                host,
                elections,
                commitTimeout,
                snapshots,
                diskFreeBytesMin,
                tls,
                founding,
                part);
    }

    public RaftConfig withElections(Elections other) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                bindHost,
                other,
                commitTimeout,
                snapshots,
                diskFreeBytesMin,
                tls,
                founding,
                part);
    }

    public RaftConfig withSnapshots(Snapshots other) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                bindHost,
                elections,
                commitTimeout,
                other,
                diskFreeBytesMin,
                tls,
                founding,
                part);
    }

    public RaftConfig withDiskFreeBytesMin(long bytes) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                bindHost,
                elections,
                commitTimeout,
                snapshots,
                bytes,
                tls,
                founding,
                part);
    }

    /** The same for another one of the cluster's groups. */
    public RaftConfig withPart(Part other) {
        return new RaftConfig(
                memberId,
                members,
                clusterId,
                directory,
                bindHost,
                elections,
                commitTimeout,
                snapshots,
                diskFreeBytesMin,
                tls,
                founding,
                other);
    }

    /** This node among the members. */
    public Member self() {
        return members.stream().filter(m -> m.id().equals(memberId)).findFirst().orElseThrow();
    }

    /** The group's id: the same for the same cluster id and part, everywhere and always. */
    public UUID groupId() {
        return groupId(clusterId, part.number());
    }

    private static UUID groupId(String clusterId, int number) {
        String kind = number == 0 ? "eckermann/" : "eckermann-shard-" + number + "/";
        return UUID.nameUUIDFromBytes((kind + clusterId).getBytes(StandardCharsets.UTF_8));
    }

    /** The port this node listens at. */
    public int port() {
        return port(self());
    }

    /** Where Ratis keeps this group's segments and vote file; may not exist yet. */
    public Path logDirectory() {
        return logDirectory(directory, groupId());
    }

    /** The same of the group of a shard of any cluster. */
    public static Path logDirectory(Path directory, String clusterId, int shard) {
        return logDirectory(directory, groupId(clusterId, shard));
    }

    private static Path logDirectory(Path directory, UUID groupId) {
        return directory.resolve(groupId.toString()).resolve("current");
    }

    private static int port(Member member) {
        String address = member.raftAddress();
        String port = address.substring(address.lastIndexOf(':') + 1);
        check(
                address.lastIndexOf(':') > 0 && port.matches("\\d{1,5}"),
                "the address of " + member.id() + " must be host:port, not " + address);
        int number = Integer.parseInt(port);
        check(number > 0 && number <= 65_535, "the port of " + member.id() + " must be 1 to 65535, not " + port);
        return number;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
