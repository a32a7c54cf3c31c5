package io.eckermann.gateway.peers;

import io.eckermann.protocol.internal.v1.GreetRequest;
import io.eckermann.protocol.internal.v1.GreetResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, durably, the first incarnation this node ever met of each other node. A node that comes back with another
 * one has lost its data directory, and with it votes and acknowledged events. Safe from any thread.
 */
public final class Greetings {
    private static final Logger LOG = LoggerFactory.getLogger(Greetings.class);

    private final Path file;
    private final String clusterId;
    private final String restored;
    private final Members members;
    private final int shards;
    private final Map<String, String> known;

    /**
     * Opens what was remembered in the file; it is made with the first greeting.
     *
     * @param restored the state of another cluster that this node's begins with; empty for none
     * @param members to be told to who greets
     * @param shards how many the cluster has, to be told as well
     */
    public Greetings(Path file, String clusterId, String restored, Members members, int shards) throws IOException {
        this.shards = shards;
        this.file = file;
        this.clusterId = clusterId;
        this.restored = restored;
        this.members = members;
        this.known = DurableFile.read(file);
    }

    /** Remembers, durably, whom others met; what this node knows already stays. */
    public synchronized void learn(Map<String, String> met) throws IOException {
        Map<String, String> grown = new TreeMap<>(met);
        grown.putAll(known);
        if (!grown.equals(known)) {
            DurableFile.write(file, grown);
            known.putAll(grown);
        }
    }

    /** Answers a greeting, after what it teaches is on disk. A greeting from another cluster teaches nothing. */
    synchronized GreetResponse answer(GreetRequest greeting) throws IOException {
        String incarnation = greeting.getIncarnation();
        if (greeting.getClusterId().equals(clusterId)) {
            String first = known.get(greeting.getNodeId());
            if (first == null) {
                learn(Map.of(greeting.getNodeId(), incarnation));
            } else {
                incarnation = first;
            }
        } else {
            LOG.warn(
                    "Node {} of cluster {} takes this node {} of cluster {} for its peer; correct cluster.id of the one"
                            + " that is wrong, or the addresses in nodes",
                    greeting.getNodeId(),
                    greeting.getClusterId(),
                    members.self().id(),
                    clusterId);
        }
        List<String> formed = members.ids();
        GreetResponse.Builder answer = GreetResponse.newBuilder()
                .setClusterId(clusterId)
                .setNodeId(members.self().id())
                .setKnownIncarnation(incarnation)
                .setRestored(restored)
                .setFormed(!formed.isEmpty())
                .putAllMet(known)
                .setShards(shards);
        for (Peer peer : members.all()) {
            if (formed.isEmpty() || formed.contains(peer.id())) {
                answer.addMembers(Addresses.of(peer));
            }
        }
        return answer.build();
    }
}
