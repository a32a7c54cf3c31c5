package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The directory that holds all a node keeps, locked while it is open. It belongs to one node of one cluster: its
 * {@code identity} file says to which, and whether the node ever took part in the cluster (joined), and under which id. Used by one thread; the last,
 * {@link #markRemoved}, {@link #markConvicted} or {@link #markDamaged}, may be called by another.
 */
public final class DataDirectory implements AutoCloseable {
    static final String IDENTITY = "identity";
    /** Where shards behind the first are, and how the identity says how many. */
    static final String SHARDS = "shards";

    private static final String CONVICTED = "convicted";
    private static final String DAMAGED = "damaged";
    private static final String REMOVED = "removed";
    private static final String MEMBER = "member";
    private static final String MEMBER_OF_ALL = "member-of-all";
    private static final String NEVER_ADDED = "never-added";
    private static final String HALF_ADDED = "half-added";

    private final Path root;
    private final DataLock lock;
    private final String clusterId;
    private final String nodeId;
    private final int shards;
    private final String incarnation;
    private String memberId;
    private boolean founding;
    private final String restored;
    private boolean joined;
    private volatile boolean member;
    private volatile boolean memberOfAll;
    /** Whether the next start sets everything aside, once the node is removed. */
    private volatile boolean halfAdded;

    private volatile boolean removed;
    /** Why the next start sets everything aside; empty unless it does. */
    private volatile String convicted = "";
    /** What of it was found damaged by a process that ended of it; empty unless something was. */
    private volatile String damaged;
    /** What is missing as a whole, in a sentence; empty unless something is. */
    private String lost = "";

    private DataDirectory(
            Path root, DataLock held, String clusterId, String nodeId, int shards, Map<String, String> identity) {
        this.shards = shards;
        this.root = root;
        this.lock = held;
        this.clusterId = clusterId;
        this.nodeId = nodeId;
        this.incarnation =
                identity.getOrDefault("incarnation", UUID.randomUUID().toString());
        this.memberId = identity.getOrDefault("member-id", nodeId);
        this.founding = Boolean.parseBoolean(identity.getOrDefault("founding", "true"));
        this.joined = Boolean.parseBoolean(identity.get("joined"));
        this.restored = identity.getOrDefault("restored", "");
        // Who wrote no such word noted nothing before the node had taken part.
        this.member = Boolean.parseBoolean(identity.getOrDefault(MEMBER, Boolean.toString(joined)));
        this.memberOfAll = Boolean.parseBoolean(identity.getOrDefault(MEMBER_OF_ALL, Boolean.toString(member)));
        this.halfAdded = Boolean.parseBoolean(identity.get(HALF_ADDED));
        this.removed = Boolean.parseBoolean(identity.get(REMOVED));
        this.damaged = identity.getOrDefault(DAMAGED, "");
    }

    /** Makes and locks a directory, and nothing else, for who puts a state there. */
    static DataLock hold(Path root) throws StartException {
        makeWritable(root);
        return DataLock.take(root);
    }

    /**
     * Gives a directory a new identity: that of a node whose cluster begins with a state that was before it.
     *
     * @param restored says which state; the nodes of a list begin only with the same
     * @param held stays so
     */
    static void found(Path root, DataLock held, String clusterId, String nodeId, int shards, String restored)
            throws IOException {
        new DataDirectory(root, held, clusterId, nodeId, shards, Map.of("restored", restored)).writeIdentity();
    }

    /** Makes, locks and checks the directory of a node in a cluster of one shard. */
    static DataDirectory open(Path root, String clusterId, String nodeId) throws StartException {
        return open(root, clusterId, nodeId, 1);
    }

    /** Makes, locks and checks the directory. */
    static DataDirectory open(Path root, String clusterId, String nodeId, int shards) throws StartException {
        DataDirectory directory = openWithWhatIsLeft(root, clusterId, nodeId, shards);
        try {
            directory.requireAll();
            return directory;
        } catch (StartException e) {
            directory.lock.release();
            throw e;
        }
    }

    /** The same, but for {@link #requireAll}, without which no node may take part. */
    static DataDirectory openWithWhatIsLeft(Path root, String clusterId, String nodeId, int shards)
            throws StartException {
        DataLock lock = hold(root);
        try {
            DataDirectory directory = identified(root, lock, clusterId, nodeId, shards);
            directory.writeIdentity();
            return directory;
        } catch (IOException e) {
            lock.release();
            throw new StartException("The data directory " + root + " can't be used: " + e + ".", e);
        } catch (StartException e) {
            lock.release();
            throw e;
        }
    }

    /** Refuses the directory of a node that has taken part when its log, or a shard's state, is missing as a whole. */
    void requireAll() throws StartException {
        if (!lost.isEmpty()) {
            throw new StartException(lost, null);
        }
    }

    /** Whether {@link #requireAll} refuses it. */
    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** Drawn once, when the directory was made. */
    String incarnation() {
        return incarnation;
    }

    /** The state of another cluster that the node's own begins with; empty when it begins with none. */
    String restored() {
        return restored;
    }

    /** Whether the node has ever taken part in its cluster with this directory. */
    boolean joined() {
        return joined;
    }

    /** The id under which the node takes part: its own, unless another node of that id was there before. */
    String memberId() {
        return memberId;
    }

    /** Gives the node, durably, another id that nobody had before. */
    void takeNewMemberId() throws IOException {
        memberId = nodeId + "~" + incarnation.substring(0, 6);
        writeIdentity();
    }

    /** Whether the node founds the cluster together with others, and is not taken in by one that there is. */
    boolean isFounding() {
        return founding;
    }

    /** Notes durably whether it does. */
    void founding(boolean founds) throws IOException {
        founding = founds;
        writeIdentity();
    }

    /** Whether the node was ever a member of its cluster for certain, as a founder or by a list that a majority had. */
    boolean wasMember() {
        return member;
    }

    /** Notes durably that it was. */
    void markMember() throws IOException {
        if (!member) {
            member = true;
            try {
                writeIdentity();
            } catch (IOException e) {
                member = false;
                throw e;
            }
        }
    }

    /** Whether it was ever a member of all shards for certain: its addition was not cut off in the middle. */
    boolean wasMemberOfAll() {
        return memberOfAll;
    }

    /** Notes durably that it was. */
    void markMemberOfAll() throws IOException {
        if (!memberOfAll || halfAdded) {
            boolean before = memberOfAll;
            memberOfAll = true;
            halfAdded = false;
            try {
                writeIdentity();
            } catch (IOException e) {
                memberOfAll = before;
                throw e;
            }
        }
    }

    /** Whether it was added to some of the shards only, and is to begin anew once it is removed from these. */
    boolean isHalfAdded() {
        return halfAdded;
    }

    /** Notes durably that it is. */
    void markHalfAdded() throws IOException {
        halfAdded = true;
        writeIdentity();
    }

    /** Notes durably that those who were to add the node never did: the next start sets everything aside. */
    void markNeverAdded() throws IOException {
        convicted = NEVER_ADDED;
        writeIdentity();
    }

    /** Notes durably that the cluster has removed the node: it must not start with this directory again. */
    void markRemoved() throws IOException {
        removed = true;
        writeIdentity();
    }

    /** Notes durably that its state differed from what others had at an entry: the next start sets everything aside. */
    void markConvicted(long raftIndex) throws IOException {
        convicted = Long.toString(raftIndex);
        writeIdentity();
    }

    /** Notes durably what of it was found damaged, in a word; empty: nothing is, after all. */
    void markDamaged(String what) throws IOException {
        damaged = what;
        writeIdentity();
    }

    /** What of it was found damaged, now or by an earlier process; empty when nothing was. */
    String damaged() {
        return damaged;
    }

    /** Notes durably that the cluster does without what is damaged: the next start sets everything aside. */
    void markLetGo() throws IOException {
        convicted = DAMAGED;
        writeIdentity();
    }

    /** Notes durably that the node takes part, once its Raft log is there: without the log it must never start again. */
    void markJoined() throws IOException {
        if (!joined) {
            joined = true;
            member |= founding;
            memberOfAll |= founding;
            writeIdentity();
        }
    }

    /** For the Raft log; made by its owner. */
    Path raft() {
        return root.resolve("raft");
    }

    /** For the state machine of a shard. */
    Path state(int shard) {
        return state(root, shard);
    }

    /** The same in any directory that is laid out so. */
    static Path state(Path root, int shard) {
        return ofShard(root, shard).resolve("state");
    }

    /** The first is where the only one would be. */
    static Path ofShard(Path root, int shard) {
        return shard == 0 ? root : root.resolve(SHARDS).resolve(Integer.toString(shard));
    }

    /** Where the incarnations of the other nodes are remembered. */
    Path greetings() {
        return root.resolve("greetings");
    }

    /** For a shard's snapshots while they are sent, on the same filesystem as the state. */
    Path sending(int shard) {
        return ofShard(root, shard).resolve("sending");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void makeWritable(Path root) throws StartException {
        try {
            Files.createDirectories(root);
            Path probe = Files.createTempFile(root, "probe", ".tmp");
            Files.delete(probe);
            DurableFile.syncParent(root);
        } catch (IOException e) {
            throw new StartException(
                    "The data directory " + root + " is not writable ("
                            + e.getClass().getSimpleName()
                            + "); correct its permissions, or name another with node.data-directory.",
                    e);
        }
    }

    private static DataDirectory identified(Path root, DataLock lock, String clusterId, String nodeId, int shards)
            throws IOException, StartException {
        Map<String, String> identity = DurableFile.read(root.resolve(IDENTITY));
        if (identity.isEmpty()) {
            if (Files.exists(root.resolve("raft")) || Files.exists(root.resolve("state"))) {
                throw new StartException(
                        "The data directory " + root + " holds data but no identity file; restore that file, or name"
                                + " another directory with node.data-directory.",
                        null);
            }
            return new DataDirectory(root, lock, clusterId, nodeId, shards, identity);
        }
        DirectoryCheck.requireFormat(root, identity.getOrDefault("format", ""));
        DirectoryCheck.expect(root, "cluster-id", clusterId, identity);
        DirectoryCheck.expect(root, "node-id", nodeId, identity);
        identity.putIfAbsent(SHARDS, "1");
        DirectoryCheck.expect(root, SHARDS, Integer.toString(shards), identity);
        DirectoryCheck.expect(root, "format", DirectoryCheck.format(shards), identity);
        boolean removed = Boolean.parseBoolean(identity.get(REMOVED));
        boolean halfAdded = Boolean.parseBoolean(identity.get(HALF_ADDED));
        boolean letGo = removed && (halfAdded || identity.containsKey(DAMAGED));
        if (letGo || identity.containsKey(CONVICTED)) {
            String otherwise = halfAdded ? HALF_ADDED : DAMAGED;
            Quarantine.setAside(
                    root, identity.getOrDefault("incarnation", ""), identity.getOrDefault(CONVICTED, otherwise));
            return new DataDirectory(root, lock, clusterId, nodeId, shards, Map.of());
        }
        Holdings.requireRestored(root, shards, identity.getOrDefault("restored", ""));
        if (removed) {
            throw new StartException(
                    "Node " + identity.getOrDefault("member-id", nodeId)
                            + " was removed from the cluster, and its data in "
                            + root + " is not needed any more; to let it come back as a new member, empty that"
                            + " directory.",
                    null);
        }
        DataDirectory directory = new DataDirectory(root, lock, clusterId, nodeId, shards, identity);
        directory.lost = directory.joined ? Holdings.lost(root, clusterId, shards) : "";
        return directory;
    }

    private synchronized void writeIdentity() throws IOException {
        Map<String, String> identity = new HashMap<>(Map.of(
                "format",
                DirectoryCheck.format(shards),
                "cluster-id",
                clusterId,
                "node-id",
                nodeId,
                "member-id",
                memberId,
                "incarnation",
                incarnation,
                "founding",
                Boolean.toString(founding),
                "joined",
                Boolean.toString(joined),
                "restored",
                restored,
                REMOVED,
                Boolean.toString(removed),
                MEMBER,
                Boolean.toString(member)));
        identity.put(MEMBER_OF_ALL, Boolean.toString(memberOfAll));
        if (shards > 1) {
            identity.put(SHARDS, Integer.toString(shards));
        }
        if (halfAdded) {
            identity.put(HALF_ADDED, "true");
        }
        if (!convicted.isEmpty()) {
            identity.put(CONVICTED, convicted);
        }
        if (!damaged.isEmpty()) {
            identity.put(DAMAGED, damaged);
        }
        DurableFile.write(root.resolve(IDENTITY), identity);
    }
}
